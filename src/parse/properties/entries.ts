import { type Diagnostic, PlumbError } from '../../core/diagnostic.js'
import { toRepr, type Value } from '../../jinja/index.js'
import { renderYaml, skipInProperties, type YamlPath, type YamlValue } from '../../project/index.js'
import { pythonType } from '../shape/python-type.js'
import { isDict } from '../shape/shape.js'
import { attempt, type ParseState } from '../state.js'
import type { PropertiesFile } from './properties-file.js'

/** One entry of a list in a properties file, its templates rendered. */
export interface Entry {
  readonly properties: PropertiesFile
  /** The list it stands in: `models`. */
  readonly key: string
  /** Where it stands: `['models', 3]`. */
  readonly base: YamlPath
  /** A copy of its own: may be changed. */
  readonly data: { [key: string]: unknown }
  /** As it is written. */
  readonly raw: { readonly [key: string]: unknown }
}

/**
 * The entries of one list of a file, rendered. Faulty ones are left out; what is wrong with them is collected.
 */
export async function readEntries(state: ParseState, properties: PropertiesFile, key: string): Promise<Entry[]> {
  const list = properties.data[key] ?? []
  if (!Array.isArray(list)) {
    const message = `${key} must be a list, got ${pythonType(list)} instead: (${trimmed(toRepr(list as Value))})`
    state.bag.capture(properties.error('properties-invalid', message, [key]))
    return []
  }
  const scope = state.yamlScope(properties.file.packageName)
  const skip = skipInProperties(key)
  const entries: Entry[] = []
  for (const [i, raw] of list.entries()) {
    const base: YamlPath = [key, i]
    const entry = await attempt(state, async () => {
      checkEntry(properties, key, list, raw, base)
      const options = { scope, file: properties.path, skip, positions: () => properties.positions, base }
      try {
        const rendered = renderYaml(raw as YamlValue, options)
        const data = (rendered instanceof Promise ? await rendered : rendered) as { [key: string]: unknown }
        return { properties, key, base, data, raw: raw as { [key: string]: unknown } }
      } catch (error) {
        throw inFile(error, properties)
      }
    })
    if (entry !== undefined) entries.push(entry)
  }
  return entries
}

function checkEntry(
  properties: PropertiesFile,
  key: string,
  list: readonly unknown[],
  raw: unknown,
  base: YamlPath,
): void {
  if (!isDict(raw)) {
    const shown = toRepr(list as Value)
    const message = `Invalid ${key} config given in ${properties.path} @ ${key}: ${shown} - expected a dict with string keys`
    throw properties.error('properties-invalid', message, base)
  }
  if (!('name' in raw) && !('model' in raw)) {
    throw properties.error('properties-invalid', 'Entry did not contain a name', base)
  }
}

function inFile(error: unknown, properties: PropertiesFile): unknown {
  if (!(error instanceof PlumbError)) return error
  const prefix = `Failed to render ${properties.path} from project ${properties.file.packageName}: `
  return new PlumbError(
    error.diagnostics.map((d): Diagnostic => (d.kind === 'parsing' ? { ...d, message: prefix + d.message } : d)),
    error,
  )
}

function trimmed(text: string): string {
  return text.length < 50 ? text : `${text.slice(0, 44)}...${text.slice(-3)}`
}
