import { join } from 'node:path'
import { diagnostic, PlumbError } from '../../core/diagnostic.js'
import type { Scope } from '../../jinja/index.js'
import { renderYaml } from '../render/render-yaml.js'
import type { YamlMapping } from '../yaml/construct.js'
import { isYamlMapping } from '../yaml/plain-json.js'
import type { YamlPath } from '../yaml/positions.js'
import { readYaml } from '../yaml/read-yaml.js'
import { readText, type YamlFile, yamlFile } from './project-file.js'

const FILE = 'catalogs.yml'

/**
 * Checks catalogs.yml, if there is one: each catalogue says which of its write integrations counts.
 * @throws PlumbError for an empty file, integrations of one name, and one that is active but not there.
 */
export async function checkCatalogsFile(root: string, scope: Scope): Promise<void> {
  const path = join(root, FILE)
  const text = readText(path)
  if (text === undefined) return
  const data = readYaml(text, FILE)
  if (!isYamlMapping(data)) {
    throw new PlumbError(diagnostic('runtime', 'catalogs-file', `The file at ${path} is empty`))
  }
  const file = yamlFile(path, FILE, text, data)
  const rendered = await renderYaml(data, { scope, file: FILE, positions: file.positions })
  const catalogs = Array.isArray(rendered['catalogs']) ? rendered['catalogs'] : []
  const faults = catalogs.flatMap((catalog, i) =>
    isYamlMapping(catalog) ? faultsOf(catalog, ['catalogs', i], file) : [],
  )
  if (faults.length > 0) throw new PlumbError(faults)
}

function faultsOf(catalog: YamlMapping, path: YamlPath, file: YamlFile) {
  const name = String(catalog['name'])
  const integrations = Array.isArray(catalog['write_integrations']) ? catalog['write_integrations'] : []
  const names = integrations.map((each) => (isYamlMapping(each) ? String(each['name']) : ''))
  const at = (...more: YamlPath) => ({ at: file.positions().nearest([...path, ...more]), sourceText: file.text })
  const twice = names.findIndex((each, i) => names.indexOf(each) !== i)
  if (twice !== -1) {
    const message = `Catalog '${name}' cannot have multiple 'write_integrations' with the same name: '${names[twice]}'.`
    return [diagnostic('runtime', 'catalog-integration-twice', message, at('write_integrations', twice))]
  }
  const active = catalog['active_write_integration']
  if (active === undefined || active === null || active === '') {
    if (names.length === 1) return []
    const message = `Catalog '${name}' must specify an 'active_write_integration' when multiple 'write_integrations' are provided.`
    return [diagnostic('runtime', 'catalog-integration-missing', message, at())]
  }
  if (names.includes(String(active))) return []
  const known = names.map((each) => `'${each}'`).join(', ')
  const message = `Catalog '${name}' must specify an 'active_write_integration' from its set of defined 'write_integrations': [${known}]. Got: '${active}'.`
  return [diagnostic('runtime', 'catalog-integration-unknown', message, at('active_write_integration'))]
}
