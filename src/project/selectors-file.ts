import { join } from 'node:path'
import { fail } from '../core/diagnostic.js'
import type { Scope } from '../jinja/index.js'
import type { JsonObject } from '../manifest/index.js'
import { readText } from './config/project-file.js'
import { renderYaml } from './render/render-yaml.js'
import { isYamlMapping, plainJson } from './yaml/plain-json.js'
import { yamlPositions } from './yaml/positions.js'
import { readYaml } from './yaml/read-yaml.js'

/** Reads, renders and checks selectors.yml: definitions by name, `{}` without the file. */
export async function readSelectorsFile(root: string, scope: Scope): Promise<Record<string, JsonObject>> {
  const text = readText(join(root, 'selectors.yml'))
  if (text === undefined) return {}
  const data = readYaml(text, 'selectors.yml')
  if (data === null) return {}
  const rendered = await renderYaml(data, {
    scope,
    file: 'selectors.yml',
    positions: () => yamlPositions(text, 'selectors.yml'),
  })
  const list = isYamlMapping(rendered) ? rendered['selectors'] : undefined
  if (!Array.isArray(list)) fail('selector', 'selectors-file', 'Could not read selector file data')
  return Object.fromEntries(
    list.map((entry) => {
      const selector = plainJson(entry) as JsonObject
      return [String(selector['name']), selector]
    }),
  )
}
