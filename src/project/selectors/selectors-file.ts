import { join } from 'node:path'
import { type Diagnostic, diagnostic, fail, PlumbError } from '../../core/diagnostic.js'
import type { Scope } from '../../jinja/index.js'
import type { JsonObject } from '../../manifest/index.js'
import { readText } from '../config/project-file.js'
import { renderYaml } from '../render/render-yaml.js'
import type { YamlMapping, YamlValue } from '../yaml/construct.js'
import { dumpYaml } from '../yaml/dump-yaml.js'
import { isYamlMapping, plainJson } from '../yaml/plain-json.js'
import { type YamlPath, type YamlPositions, yamlPositions } from '../yaml/positions.js'
import { readYaml } from '../yaml/read-yaml.js'
import { checkDefinition } from './check-definition.js'

export const SELECTORS_FILE = 'selectors.yml'

/**
 * Reads, renders and checks selectors.yml of a project. Gives the entries by name as they were written (definitions
 * may be text or mappings); `{}` without the file.
 * @throws PlumbError kind `selector` with every fault and its place.
 */
export async function readSelectorsFile(root: string, scope: Scope): Promise<Record<string, JsonObject>> {
  const text = readText(join(root, SELECTORS_FILE))
  if (text === undefined) return {}
  const data = readYaml(text, SELECTORS_FILE)
  if (data === null) return {}
  let places: YamlPositions | undefined
  const positions = (): YamlPositions => (places ??= yamlPositions(text, SELECTORS_FILE))
  const rendered = await renderYaml(data, { scope, file: SELECTORS_FILE, positions })
  const report = (path: YamlPath, message: string, hint?: string): Diagnostic =>
    diagnostic('selector', 'selectors-file', message, {
      at: positions().nearest(path),
      sourceText: text,
      ...(hint === undefined ? {} : { hint }),
    })
  const entries = entriesOf(rendered, report)
  const faults: Diagnostic[] = []
  const known = new Set<string>()
  const defaults: string[] = []
  entries.forEach((entry, index) => {
    const path = ['selectors', index]
    const name = entry['name'] as string
    for (const fault of checkDefinition(entry['definition']!, [...path, 'definition'], known)) {
      faults.push(report(fault.path, `Could not read selector file data: ${fault.message}`, fault.hint))
    }
    known.add(name)
    if (entry['default'] === true) defaults.push(name)
    if (entry['default'] === true && defaults.length === 2) {
      const message =
        'Could not read selector file data: Error when parsing the selector file. Found multiple selectors with `default: true`:' +
        defaults.join(' and ')
      faults.push(report([...path, 'default'], message))
    }
  })
  if (faults.length > 0) throw new PlumbError(faults)
  return Object.fromEntries(entries.map((entry) => [entry['name'] as string, plainJson(entry) as JsonObject]))
}

const ENTRY_KEYS = new Set(['name', 'definition', 'description', 'default'])

function entriesOf(
  data: YamlValue,
  report: (path: YamlPath, message: string, hint?: string) => Diagnostic,
): YamlMapping[] {
  const list = isYamlMapping(data) ? data['selectors'] : undefined
  if (!Array.isArray(list)) {
    throw new PlumbError(report(['selectors'], unparsable(list ?? data), 'it begins with `selectors:` and a list'))
  }
  const faults = list.flatMap((entry, index) => {
    const fault = entryFault(entry)
    return fault === undefined ? [] : [report(['selectors', index], unparsable(fault.instance), fault.hint)]
  })
  if (faults.length > 0) throw new PlumbError(faults)
  return list as YamlMapping[]
}

/** What has the wrong shape in an entry, and what to do about it; undefined for a right one. */
function entryFault(entry: YamlValue): { instance: YamlValue; hint: string } | undefined {
  if (!isYamlMapping(entry)) return { instance: entry, hint: 'an entry has a name and a definition' }
  const { name, definition, description = '', default: isDefault = false } = entry
  if (definition !== undefined && typeof definition !== 'string' && !isYamlMapping(definition)) {
    return { instance: definition, hint: 'a `definition` is text or a mapping, no list' }
  }
  if (typeof description !== 'string') return { instance: description, hint: 'a `description` is text' }
  if (typeof isDefault !== 'boolean') return { instance: isDefault, hint: '`default` is true or false' }
  if (typeof name !== 'string') return { instance: name ?? entry, hint: 'an entry needs a `name`' }
  if (definition === undefined) return { instance: entry, hint: 'an entry needs a `definition`' }
  const odd = Object.keys(entry).find((key) => !ENTRY_KEYS.has(key))
  if (odd === undefined) return undefined
  return { instance: entry, hint: `'${odd}' is not known here; there are: ${[...ENTRY_KEYS].join(', ')}` }
}

function unparsable(instance: YamlValue): string {
  return (
    `Could not parse selector file data: \n${dumpYaml(plainJson(instance))}\n` +
    'Valid root-level selector definitions: union, intersection, string, dictionary. No lists. \n' +
    'https://docs.getdbt.com/reference/node-selection/yaml-selectors'
  )
}

/** Fails as dbt does for a selector that is not there. */
export function failUnknownSelector(name: string, selectors: Readonly<Record<string, JsonObject>>): never {
  const names = Object.keys(selectors).map((each) => `'${each}'`)
  fail('selector', 'selector-not-found', `Could not find selector named ${name}, expected one of [${names.join(', ')}]`)
}
