import { readFileSync } from 'node:fs'
import { type Diagnostic, diagnostic, PlumbError } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import { positionAt, type SourceSpan } from '../../core/source-span.js'
import { toRepr, type Value } from '../../jinja/index.js'
import { type ProjectFile, readYaml, type YamlPath, type YamlPositions, yamlPositions } from '../../project/index.js'
import { faultMessage, innermostFault, isDict, type ShapeFault } from '../shape/shape.js'
import type { Warnings } from '../warnings.js'

/** Lists whose items need a name, in the order dbt looks at them. */
const NAMED_LISTS = [
  'models',
  'seeds',
  'snapshots',
  'sources',
  'macros',
  'analyses',
  'exposures',
  'metrics',
  'semantic_models',
  'saved_queries',
  'functions',
] as const
const KNOWN_KEYS = new Set<string>([...NAMED_LISTS, 'version', 'data_tests', 'groups', 'unit_tests', 'anchors'])

/** A properties file (`schema.yml`) that was read. */
export class PropertiesFile {
  #positions: YamlPositions | undefined

  constructor(
    readonly file: ProjectFile,
    readonly data: { readonly [key: string]: unknown },
  ) {}

  /** What `patch_path` says: `shop://models/schema.yml`. */
  get id(): string {
    return `${this.file.packageName}://${this.file.originalPath}`
  }

  get path(): string {
    return this.file.originalPath
  }

  /** Where values stand; the file is read again for it, since only messages need places. */
  get positions(): YamlPositions {
    this.#positions ??= yamlPositions(readFileSync(this.file.absolutePath, 'utf8'), this.path)
    return this.#positions
  }

  /** The place of a value, or of the nearest thing around it. */
  at(path: YamlPath): SourceSpan {
    return this.positions.nearest(path)
  }

  /** An error about a value in this file. */
  error(code: string, message: string, path: YamlPath, hint?: string): PlumbError {
    return new PlumbError(diagnostic('parsing', code, message, { at: this.at(path), hint }))
  }

  /** An entry that has not the shape of its kind, in dbt's words. */
  invalidEntry(key: string, base: YamlPath, data: unknown, fault: ShapeFault): PlumbError {
    const inner = innermostFault(fault)
    const message = `Invalid ${key} config given in ${this.path} @ ${key}: ${toRepr(data as Value)} - ${faultMessage(fault)}`
    const place = inner.unknownKey === undefined ? inner.path : [...inner.path, inner.unknownKey.key]
    const at = this.positions.keyAt([...base, ...place]) ?? this.at([...base, ...place])
    const hint =
      inner.unknownKey === undefined
        ? inner === fault
          ? undefined
          : inner.message
        : (didYouMean(inner.unknownKey.key, inner.unknownKey.known) ??
          `keys that are known here: ${inner.unknownKey.known.join(', ')}`)
    return new PlumbError(diagnostic('parsing', 'properties-invalid', message, { at, hint }))
  }
}

/**
 * Reads a properties file and checks that it is lists of named things.
 * @returns undefined for an empty file.
 * @throws PlumbError with dbt's words and the place.
 */
export function readPropertiesFile(warnings: Warnings, file: ProjectFile): PropertiesFile | undefined {
  const text = readFileSync(file.absolutePath, 'utf8')
  let data: unknown
  try {
    data = readYaml(text, file.originalPath, {
      onDuplicate: ({ key, offset }) => {
        const { line, column } = positionAt(text, offset)
        const description = `Duplicate key '${key}' in "<unicode string>", line ${line}, column ${column}`
        warnings.deprecate('DuplicateYAMLKeysDeprecation', `${description} in file \`${file.originalPath}\``, {
          at: { file: file.originalPath, start: offset, end: offset + key.length, line, column },
          data: { duplicate_description: description, file: file.originalPath },
        })
      },
    })
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    const prefix = `Error reading ${file.packageName}: ${file.relativePath} - `
    throw new PlumbError(
      error.diagnostics.map((d): Diagnostic => ({ ...d, message: prefix + d.message })),
      error,
    )
  }
  if (data === null || data === undefined) return undefined
  if (!isDict(data)) {
    const message =
      `Error reading ${file.packageName}: ${file.relativePath} - ` +
      `Contents of file '${file.originalPath}' are not valid. Dictionary expected.`
    throw new PlumbError(diagnostic('parsing', 'properties-invalid', message))
  }
  if (Object.keys(data).length === 0) return undefined
  const properties = new PropertiesFile(file, data)
  checkLists(properties)
  noteStrangeKeys(warnings, properties)
  return properties
}

function checkLists(properties: PropertiesFile): void {
  const { data, path } = properties
  const faults: Diagnostic[] = []
  const fault = (reason: string, where: YamlPath, hint?: string): void => {
    const message = `The schema file at ${path} is invalid because ${reason}`
    faults.push(diagnostic('parsing', 'properties-invalid', message, { at: properties.at(where), hint }))
  }
  for (const key of NAMED_LISTS) {
    const list = data[key]
    if (!(key in data)) continue
    if (!Array.isArray(list)) {
      fault(`the value of '${key}' is not a list`, [key], `begin each entry with '- name:'`)
      continue
    }
    for (const [i, element] of list.entries()) {
      if (!isDict(element)) fault(`a list element for '${key}' is not a dictionary`, [key, i])
      else if (!('name' in element)) {
        fault(`a list element for '${key}' does not have a name attribute.`, [key, i], nameHint(element))
      }
    }
  }
  if (faults.length > 0) throw new PlumbError(faults)
}

function nameHint(element: { readonly [key: string]: unknown }): string | undefined {
  const near = Object.keys(element).find((key) => didYouMean(key, ['name']) !== undefined)
  return near === undefined ? undefined : `did you mean 'name' instead of '${near}'?`
}

/** A key at the top that means nothing but looks like one that does. */
function noteStrangeKeys(warnings: Warnings, properties: PropertiesFile): void {
  for (const key of Object.keys(properties.data)) {
    if (KNOWN_KEYS.has(key)) continue
    const hint = didYouMean(key, KNOWN_KEYS)
    if (hint === undefined) continue
    const msg = `Unexpected top-level key ${key}`
    warnings.deprecate('CustomTopLevelKeyDeprecation', `${msg} in file \`${properties.path}\``, {
      at: properties.positions.keyAt([key]),
      hint,
      data: { msg, file: properties.path },
    })
  }
}
