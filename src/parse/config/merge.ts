import { fail } from '../../core/diagnostic.js'
import { toRepr, type Value } from '../../jinja/index.js'
import { isDict, type ShapeFault } from '../shape/shape.js'
import type { ConfigKind, Merge } from './config-kind.js'

export type Settings = { [key: string]: unknown }
type ReadonlySettings = { readonly [key: string]: unknown }

/** A configuration with nothing set: the defaults of its kind. */
export function defaultConfig(kind: ConfigKind): Settings {
  const config: Settings = {}
  for (const field of kind.fields) config[field.key] = field.initial()
  return config
}

/**
 * `base` with the settings of a nearer place laid over it, each joined as its field says; unknown keys replace. Both
 * stay as they are.
 * @throws PlumbError when a value cannot be joined or a rule between fields is broken.
 */
export function applyConfig(
  kind: ConfigKind,
  base: ReadonlySettings,
  partial: ReadonlySettings,
  aliases: ReadonlyMap<string, string>,
): Settings {
  const out: Settings = { ...base }
  for (const [key, value] of translated(partial, aliases)) {
    const name = key === 'pre_hook' ? 'pre-hook' : key === 'post_hook' ? 'post-hook' : key
    const field = kind.byKey.get(name)
    if (field === undefined) {
      out[name] = value
      continue
    }
    const merged = field.merge === 'clobber' ? value : mergeValues(field.merge, base[name], value)
    out[name] = field.read === undefined ? merged : field.read(merged)
  }
  const broken = kind.broken?.(out)
  if (broken !== undefined) fail('validation', 'config-invalid', `at path []: ${broken}`)
  return out
}

/** Entries with a warehouse's other names of keys (`dbname`) replaced by the usual ones (`database`). */
export function translated(
  partial: ReadonlySettings,
  aliases: ReadonlyMap<string, string>,
): Iterable<[key: string, value: unknown]> {
  const entries = Object.entries(partial)
  if (aliases.size === 0 || !entries.some(([key]) => aliases.has(key))) return entries
  const out = new Map<string, unknown>()
  for (const [key, value] of entries) {
    const name = aliases.get(key) ?? key
    if (out.has(name)) {
      const same = entries.map(([k]) => k).filter((k) => aliases.get(k) === name)
      fail('runtime', 'duplicate-alias', `Got duplicate keys: (${same.join(', ')}) all map to "${name}"`)
    }
    out.set(name, value)
  }
  return out
}

function mergeValues(how: Exclude<Merge, 'clobber'>, own: unknown, other: unknown): unknown {
  switch (how) {
    case 'append':
      return [...listify(own), ...listify(other)]
    case 'update':
      return { ...requireDict(own), ...requireDict(other) }
    case 'dict-key-append':
      return mergeGrants(requireDict(own), requireDict(other))
  }
}

/** `{'+select': [...]}` adds to `select`, `{select: [...]}` replaces it; every value becomes a list. */
function mergeGrants(own: ReadonlySettings, other: ReadonlySettings): Settings {
  const out: Settings = {}
  for (const key in own) out[key] = listify(own[key])
  for (const key in other) {
    const extend = key.startsWith('+')
    const name = extend ? key.replace(/^\++/, '') : key
    out[name] =
      extend && out[name] !== undefined ? [...listify(out[name]), ...listify(other[key])] : listify(other[key])
  }
  return out
}

export function listify(value: unknown): unknown[] {
  return Array.isArray(value) ? [...value] : [value]
}

function requireDict(value: unknown): ReadonlySettings {
  if (isDict(value)) return value
  return fail('parsing', 'config-invalid', `expected dict, got ${toRepr(value as Value)}`)
}

const APPENDED = new Set(['pre-hook', 'pre_hook', 'post-hook', 'post_hook', 'tags', 'packages'])
const UPDATED = new Set(['quoting', 'column_types', 'meta', 'docs', 'contract'])

/**
 * Lays one more `config(...)` call over the earlier ones of the same file. `into` is changed. The first call is kept
 * as it is written; later ones join lists and mappings.
 */
export function addConfigCall(into: Settings, call: ReadonlySettings): void {
  if (Object.keys(into).length === 0) {
    Object.assign(into, call)
    return
  }
  for (const key in call) {
    const value = call[key]
    if (APPENDED.has(key)) {
      into[key] = key in into ? [...listify(into[key]), ...listify(value)] : listify(value)
    } else if (UPDATED.has(key)) {
      into[key] = isDict(into[key]) ? { ...into[key], ...requireDict(value) } : requireDict(value)
    } else if (key === 'grants') {
      into[key] = addGrants(into[key], requireDict(value))
    } else if (key === 'snapshot_meta_column_names') {
      into[key] = { ...(isDict(into[key]) ? into[key] : {}), ...requireDict(value) }
    } else {
      into[key] = value
    }
  }
}

/** As {@link mergeGrants}, but `+` stays: it says how the call joins the properties file. */
function addGrants(own: unknown, call: ReadonlySettings): Settings {
  const out: Settings = {}
  if (isDict(own)) for (const key in own) out[key] = listify(own[key])
  for (const key in call) {
    const extend = key.startsWith('+') && out[key] !== undefined
    out[key] = extend ? [...listify(out[key]), ...listify(call[key])] : listify(call[key])
  }
  return out
}

/** The first fault of a finished configuration; completes it (`store_failures_as`) when there is none. */
export function finishConfig(kind: ConfigKind, config: Settings): ShapeFault | undefined {
  const first = kind.brokenFirst?.(config)
  if (first !== undefined) return { message: first, path: [] }
  for (const field of kind.fields) {
    const fault = field.shape.check(config[field.key])
    if (fault !== undefined) return { ...fault, path: [field.key, ...fault.path] }
  }
  const last = kind.brokenLast?.(config)
  if (last !== undefined) return { message: last, path: [] }
  kind.finish?.(config)
  return undefined
}

/** The new configuration of a node that had one: what the new one leaves null stays as it was. */
export function keepEarlier<C extends ReadonlySettings>(earlier: C, next: C): C {
  if (earlier === next) return next
  let out: Settings | undefined
  for (const key in earlier) {
    const value = earlier[key]
    if (value === null || value === undefined) continue
    if (next[key] !== null && next[key] !== undefined) continue
    out ??= { ...next }
    out[key] = value
  }
  return (out as C | undefined) ?? next
}
