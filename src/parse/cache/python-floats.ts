import { PyFloat } from '../../jinja/index.js'
import type { Manifest } from '../../manifest/index.js'

/**
 * Where in a section a number of Python's stands that JSON would lose, and its text: `1.0` would become an integer, `inf`
 * nothing, and an integer beyond 2^53 another one. Integers end in `n`.
 */
export type FloatPlace = readonly [path: readonly string[], text: string]

/** The numbers that JSON would lose in a section of a manifest. */
export function floatsIn(section: Manifest[keyof Manifest]): FloatPlace[] {
  const found: FloatPlace[] = []
  collect(section, [], found)
  return found
}

function collect(value: unknown, path: string[], found: FloatPlace[]): void {
  if (typeof value !== 'object' || value === null) return
  if (value instanceof PyFloat) {
    found.push([[...path], String(value.value)])
    return
  }
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key]
    if (typeof item === 'bigint') found.push([[...path, key], `${item}n`])
    if (typeof item !== 'object' || item === null) continue
    path.push(key)
    collect(item, path, found)
    path.pop()
  }
}

/** Puts these numbers back where they stood. */
export function restoreFloats(section: object, floats: readonly FloatPlace[]): void {
  for (const [path, text] of floats) {
    let holder = section as Record<string, unknown>
    for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>
    holder[path.at(-1)!] = text.endsWith('n') ? BigInt(text.slice(0, -1)) : new PyFloat(Number(text))
  }
}
