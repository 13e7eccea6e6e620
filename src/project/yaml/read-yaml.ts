import { type DuplicateKey, YamlConstructor, type YamlValue } from './construct.js'
import { readEvents } from './events.js'
import { rethrowYaml } from './yaml-error.js'

export interface ReadYamlOptions {
  /** Told of each key that stands twice in one mapping (the later value is kept, as PyYAML does). */
  readonly onDuplicate?: (duplicate: DuplicateKey) => void
  /** False: blank lines at the end belong to the value (`fromyaml`). By default they do not, as in files dbt reads. */
  readonly trim?: boolean
}

/**
 * Reads one YAML document as dbt's loader (PyYAML's SafeLoader) does: YAML 1.1 scalars, merge keys, later duplicates
 * win. Gives plain objects, arrays and scalars; `PyFloat` for floats JS would show as integers, `bigint` for huge
 * integers, `PyDate` and `PyDateTime` for unquoted dates, a `Map` for a mapping that has no text key. Null for an empty text.
 * @throws PlumbError `yaml-syntax` with the place.
 */
export function readYaml(text: string, file: string, options: ReadYamlOptions = {}): YamlValue {
  try {
    const built = new YamlConstructor(text, file, readEvents(options.trim === false ? text : text.trimEnd()))
    const value = built.document()
    if (options.onDuplicate !== undefined) for (const duplicate of built.duplicates) options.onDuplicate(duplicate)
    return value
  } catch (error) {
    return rethrowYaml(error, text, file)
  }
}
