/**
 * How an external materialization's file is written and read back: the option texts of DuckDB's COPY, following the
 * rules of dbt-duckdb.
 */

/** A dict as a template holds it. */
export type OptionDict = Map<unknown, unknown> | Record<string, unknown>

const COMPRESSIONS: Readonly<Record<string, string>> = { '.gz': 'gzip', '.zst': 'zstd' }
const QUOTED_OPTIONS: ReadonlySet<string> = new Set(['delimiter', 'quote', 'escape', 'null'])

/** The option list of `copy ... to`; fills in `format`, `compression` and `header` for the template to see. */
export function externalWriteOptions(location: string, options: OptionDict): string {
  if (!has(options, 'format')) chooseFormat(location, options)
  if (get(options, 'format') === 'csv' && !has(options, 'header')) set(options, 'header', 1)
  const partition = get(options, 'partition_by')
  if (typeof partition === 'string' && partition.includes(',') && !partition.startsWith('(')) {
    set(options, 'partition_by', `(${partition})`)
  }
  const parts: string[] = []
  for (const [key, value] of entriesOf(options)) {
    const text = String(value)
    const quote = QUOTED_OPTIONS.has(key.toLowerCase()) && !text.startsWith("'")
    parts.push(quote ? `${key} '${text}'` : `${key} ${text}`)
  }
  return parts.join(', ')
}

/** What to read after writing: the file, or a pattern when the writer makes many. */
export function externalReadLocation(location: string, options: OptionDict): string {
  const partition = get(options, 'partition_by')
  if (!partition && !get(options, 'per_thread_output')) return location
  const levels = partition ? String(partition).split(',').length : 0
  return `${[location, '*', ...Array.from({ length: levels }, () => '*')].join('/')}.${String(get(options, 'format') ?? 'parquet')}`
}

/** `data.csv.gz` -> csv and gzip; without an extension a delimiter says csv, nothing says parquet. */
function chooseFormat(location: string, options: OptionDict): void {
  const last = extension(location)
  const compression = COMPRESSIONS[last.toLowerCase()]
  const kind = (compression === undefined ? last : extension(location.slice(0, -last.length))).toLowerCase()
  if (kind === '') set(options, 'format', has(options, 'delimiter') ? 'csv' : 'parquet')
  else {
    set(options, 'format', kind.slice(1))
    // DuckDB itself knows the extension in lower case only.
    if (compression !== undefined && !has(options, 'compression')) set(options, 'compression', compression)
  }
}

function extension(location: string): string {
  return /[^/.](\.[^/.]*)$/.exec(location)?.[1] ?? ''
}

function has(dict: OptionDict, key: string): boolean {
  return dict instanceof Map ? dict.has(key) : Object.hasOwn(dict, key)
}

function get(dict: OptionDict, key: string): unknown {
  return dict instanceof Map ? dict.get(key) : dict[key]
}

function set(dict: OptionDict, key: string, value: unknown): void {
  if (dict instanceof Map) dict.set(key, value)
  else dict[key] = value
}

function entriesOf(dict: OptionDict): [string, unknown][] {
  const entries = dict instanceof Map ? [...dict] : Object.entries(dict)
  return entries.map(([key, value]) => [String(key), value])
}
