import { existsSync, readFileSync } from 'node:fs'
import { fail } from '../../core/diagnostic.js'
import { isRecord } from './taint.js'

/** A mapping of a configuration file, with the place to name in messages. */
export interface Section {
  readonly fields: Readonly<Record<string, unknown>>
  /** `policies.yml, row_filters[1]` */
  readonly at: string
}

/**
 * Reads a YAML file that decides what people may see; undefined when there is none. Anything in it that is not
 * understood is an error: a rule that is passed over protects nothing.
 * @throws PlumbError `policy-file`
 */
export async function readGuardFile(path: string, name: string): Promise<Section | undefined> {
  if (!existsSync(path)) return undefined
  return parseGuardText(readFileSync(path, 'utf8'), name)
}

export async function parseGuardText(text: string, name: string): Promise<Section> {
  const { parse, YAMLParseError } = await import('yaml')
  try {
    const data: unknown = parse(text)
    if (data === null || data === undefined) return { fields: {}, at: name }
    return section(data, name)
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error
    return fail('project', 'policy-file', `${name} is not valid YAML: ${error.message}`)
  }
}

export function section(value: unknown, at: string): Section {
  return isRecord(value) ? { fields: value, at } : wrong(at, 'a mapping')
}

/** @throws PlumbError `policy-file` when there is a key that is not among `known`. */
export function onlyKeys({ fields, at }: Section, known: readonly string[]): void {
  for (const key of Object.keys(fields)) {
    if (!known.includes(key)) {
      fail('project', 'policy-file', `${at}: '${key}' is not known here`, { hint: `known are ${known.join(', ')}` })
    }
  }
}

export function sections({ fields, at }: Section, key: string): Section[] {
  const value = fields[key]
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) return wrong(`${at}, ${key}`, 'a list')
  return value.map((each, index) => section(each, `${at}, ${key}[${index}]`))
}

export function texts({ fields, at }: Section, key: string): string[] {
  const value = fields[key]
  if (value === undefined || value === null) return []
  const list = Array.isArray(value) ? value : [value]
  return list.map((each) => (typeof each === 'string' ? each : wrong(`${at}, ${key}`, 'text, or a list of texts')))
}

export function text({ fields, at }: Section, key: string): string | undefined {
  const value = fields[key]
  if (value === undefined || value === null) return undefined
  return typeof value === 'string' ? value : wrong(`${at}, ${key}`, 'text')
}

function wrong(at: string, expected: string): never {
  fail('project', 'policy-file', `${at} must be ${expected}`)
}
