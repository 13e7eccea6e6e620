import { fail } from '../../core/diagnostic.js'
import type { SourceToRender } from '../adapter.js'

/** Keys of a source's config that are dbt's own; all others are the user's, for templates of locations. */
const DBT_CONFIG_KEYS: ReadonlySet<string> = new Set([
  ...['enabled', 'event_time', 'freshness', 'loaded_at_field', 'loaded_at_query', 'meta', 'tags'],
])

/**
 * The files a source stands for, when its `meta` or config says `external_location`: `'data/{name}.csv'` becomes
 * `'data/orders.csv'`, `read_csv('...')` is taken as it is. Null for a source that is a table.
 * @throws PlumbError `duckdb-source-plugin` for a source that a Python plug-in loads; `duckdb-external-location` for a
 * location that names something the source does not have.
 */
export function renderSource(source: SourceToRender, { execute }: { readonly execute: boolean }): string | null {
  const settings = settingsOf(source)
  if (settings['plugin'] !== undefined && settings['plugin'] !== null) {
    if (!execute) return null
    fail(
      'runtime',
      'duckdb-source-plugin',
      `Source ${source.source_name}.${source.name} is loaded by the plug-in '${String(settings['plugin'])}' of dbt-duckdb, which needs Python`,
      { hint: 'read the files with `external_location`, or attach the database with `attach:` in the profile' },
    )
  }
  const template = settings['external_location']
  if (typeof template !== 'string') return null
  const values: Record<string, unknown> = {
    name: source.name,
    identifier: source.identifier,
    schema: source.schema,
    database: source.database,
    tags: source.tags,
    ...settings,
  }
  const location = fillIn(template, String(settings['formatter'] ?? 'newstyle'), values, source)
  return location.includes('(') || location.startsWith("'") ? location : `'${location}'`
}

function settingsOf(source: SourceToRender): Record<string, unknown> {
  const configMeta = source.config['meta']
  const extra = Object.entries(source.config).filter(([key]) => !DBT_CONFIG_KEYS.has(key))
  return {
    ...(typeof configMeta === 'object' ? configMeta : {}),
    ...source.meta,
    ...Object.fromEntries(extra),
  }
}

/** Python's three ways to fill names into a text: `{name}`, `%(name)s`, `$name`. */
const FORMATTERS: Readonly<Record<string, RegExp>> = {
  newstyle: /\{\{|\}\}|\{(\w+)(?:![rsa])?(?::[^{}]*)?\}/g,
  oldstyle: /%%|%\((\w+)\)[sdr]/g,
  template: /\$\$|\$\{(\w+)\}|\$(\w+)/g,
}

function fillIn(
  template: string,
  formatter: string,
  values: Readonly<Record<string, unknown>>,
  source: SourceToRender,
): string {
  const places = FORMATTERS[formatter]
  if (places === undefined) {
    fail(
      'runtime',
      'duckdb-external-location',
      `Formatter ${formatter} not recognized. Must be one of 'newstyle', 'oldstyle', or 'template'.`,
    )
  }
  return template.replace(places, (whole, first?: string, second?: string) => {
    const name = first ?? (typeof second === 'string' ? second : undefined)
    if (name === undefined) return whole[0]!
    if (Object.hasOwn(values, name)) return String(values[name] ?? 'None')
    fail(
      'runtime',
      'duckdb-external-location',
      `The external_location of source ${source.source_name}.${source.name} names '${name}', which the source does not have`,
      { hint: `it can name ${Object.keys(values).join(', ')}` },
    )
  })
}
