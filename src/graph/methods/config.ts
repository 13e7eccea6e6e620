import type { Json } from '../../manifest/index.js'
import { NODES, type SelectorMethod } from './method.js'

/** `config.materialized:table`, `config.meta.owner:x`, `config.contract.enforced:true`: values of the final config. */
export const config: SelectorMethod = {
  over: new Set([...NODES, 'source']),
  prepare(wanted, args) {
    const ignoreCase = args.length === 1 && args[0] === 'severity'
    const text = String(wanted)
    const asBoolean = /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined
    const same = (value: unknown): boolean => {
      if (typeof value === 'string' && ignoreCase) return value.toUpperCase() === text.toUpperCase()
      return equalScalars(wanted, value)
    }
    return (node) => {
      const value = valueAt(node.config, args)
      if (Array.isArray(value)) {
        return value.some((item) => same(item) || (asBoolean !== undefined && equalScalars(asBoolean, item)))
      }
      return same(value) || (asBoolean !== undefined && value === asBoolean)
    }
  },
}

/** Python's `==` of plain values, where True is 1. */
function equalScalars(a: Json, b: unknown): boolean {
  if (a === b) return true
  const numeric = (value: unknown) => typeof value === 'number' || typeof value === 'boolean'
  return numeric(a) && numeric(b) && Number(a) === Number(b)
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  for (const key of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}
