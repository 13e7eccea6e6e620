import type { NodeConfig } from '../../manifest/index.js'
import type { Shape } from '../shape/shape.js'

/** How a setting of a nearer place joins the one from farther away. */
export type Merge = 'clobber' | 'append' | 'update' | 'dict-key-append'

/** A configuration while it is put together: every field of its kind, then what users added. */
export type Config = NodeConfig | { [key: string]: unknown }

export interface ConfigField {
  readonly key: string
  /** Made anew for each configuration when it is a list or mapping. */
  readonly initial: () => unknown
  readonly merge: Merge
  readonly shape: Shape
  /** What reading a value into the field does to it (`"5"` -> 5, a hook's text -> a hook). */
  readonly read?: (value: unknown) => unknown
}

/** The configuration of one resource type: dbt's fields in dbt's order. */
export interface ConfigKind {
  readonly name: string
  readonly fields: readonly ConfigField[]
  readonly byKey: ReadonlyMap<string, ConfigField>
  /** Rules that hold between fields, checked whenever a configuration is made; the message of a broken one. */
  readonly broken?: (config: { readonly [key: string]: unknown }) => string | undefined
  /** Rules checked once, on the finished configuration, before and after the shapes of its fields. */
  readonly brokenFirst?: (config: { readonly [key: string]: unknown }) => string | undefined
  readonly brokenLast?: (config: { readonly [key: string]: unknown }) => string | undefined
  /** Last change to a finished configuration. */
  readonly finish?: (config: { [key: string]: unknown }) => void
}

/** Describes a kind; a later field of the same key replaces the earlier one in its place. */
export function configKind(
  name: string,
  fields: readonly ConfigField[],
  rules: Omit<ConfigKind, 'name' | 'fields' | 'byKey'> = {},
): ConfigKind {
  const byKey = new Map<string, ConfigField>()
  for (const field of fields) byKey.set(field.key, field)
  return { name, fields: [...byKey.values()], byKey, ...rules }
}
