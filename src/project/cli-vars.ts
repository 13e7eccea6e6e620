import { type Diagnostic, diagnostic, PlumbError } from '../core/diagnostic.js'
import { typeName, type Value } from '../jinja/index.js'
import type { JsonObject } from '../manifest/index.js'
import { isYamlMapping } from './yaml/plain-json.js'
import { readYaml } from './yaml/read-yaml.js'

/**
 * The mapping given with an option such as `--vars '{a: 1}'`.
 * @throws PlumbError `option-yaml` when the text is no YAML or no mapping.
 */
export function parseYamlOption(text: string, option: string): JsonObject {
  const name = option.replace(/^--/, '')
  const hint = `write a mapping, such as --${name} '{start: 2024-01-01, full: true}'`
  let value: unknown
  try {
    value = readYaml(text, `--${name}`, { trim: false })
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    const message = (fault: Diagnostic): string =>
      `The YAML provided in the --${name} argument is not valid.\n${fault.message}`
    throw new PlumbError(
      error.diagnostics.map((fault) => ({ ...fault, code: 'option-yaml', message: message(fault), hint })),
      error,
    )
  }
  if (isYamlMapping(value)) return value as JsonObject
  const type = typeName(value as Value)
  throw new PlumbError(
    diagnostic(
      'compilation',
      'option-yaml',
      `The --${name} argument must be a YAML dictionary, but was of type '${type}'`,
      { hint },
    ),
  )
}
