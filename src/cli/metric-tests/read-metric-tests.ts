import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type Diagnostic, diagnostic, PlumbError } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import type { Json, JsonObject } from '../../manifest/index.js'
import { plainJson, readYaml, type YamlPositions, yamlPositions } from '../../project/index.js'
import { readMetricQuery } from '../../semantic/index.js'
import { type GivenRows, METRIC_TESTS_FOLDER, type MetricTest } from './metric-test.js'

const KEYS = ['name', 'description', 'given', 'query', 'expect']

/**
 * The metric tests of a project: the `metric_tests:` of all YAML files in its folder `metric-tests`.
 * @throws PlumbError with every entry that cannot be read, and where it stands
 */
export function readMetricTests(projectRoot: string): MetricTest[] {
  const folder = join(projectRoot, METRIC_TESTS_FOLDER)
  if (!existsSync(folder)) return []
  const paths = (readdirSync(folder, { recursive: true }) as string[]).filter((path) => /\.ya?ml$/.test(path)).sort()
  const faults: Diagnostic[] = []
  const tests = paths.flatMap((path) => {
    try {
      return readFile(join(folder, path), relative(projectRoot, join(folder, path)), faults)
    } catch (error) {
      if (!(error instanceof PlumbError)) throw error
      faults.push(...error.diagnostics)
      return []
    }
  })
  if (faults.length > 0) throw new PlumbError(faults)
  return tests
}

function readFile(path: string, file: string, faults: Diagnostic[]): MetricTest[] {
  const text = readFileSync(path, 'utf8')
  const read = plainJson(readYaml(text, file))
  if (read === null) return []
  let positions: YamlPositions | undefined
  const at = (place: readonly (string | number)[]) => (positions ??= yamlPositions(text, file)).nearest(place)
  const list = isObject(read) ? read['metric_tests'] : undefined
  if (!Array.isArray(list)) {
    faults.push(wrong('A file of metric tests has a list metric_tests.', at([])))
    return []
  }
  return list.flatMap((entry, index) => {
    const base = ['metric_tests', index]
    try {
      return [readTest(entry, file, (place) => at([...base, ...place]))]
    } catch (error) {
      if (!(error instanceof PlumbError)) throw error
      faults.push(...error.diagnostics.map((each) => ({ ...each, at: each.at ?? at(base) })))
      return []
    }
  })
}

function readTest(entry: Json, file: string, at: MetricTest['at']): MetricTest {
  const refuse = (message: string, place: readonly (string | number)[], hint?: string): never => {
    throw new PlumbError(wrong(message, at(place), hint))
  }
  if (!isObject(entry)) return refuse('A metric test is a mapping.', [])
  const unknown = Object.keys(entry).find((key) => !KEYS.includes(key))
  if (unknown !== undefined) {
    refuse(`A metric test has no '${unknown}'.`, [unknown], didYouMean(unknown, KEYS) ?? `it has ${KEYS.join(', ')}`)
  }
  const { name, description = null, given, query, expect } = entry
  if (typeof name !== 'string') return refuse('A metric test has a name.', [])
  if (!isObject(query ?? null)) return refuse(`The test '${name}' asks no query.`, ['query'])
  const expected = isObject(expect ?? null) ? (expect as JsonObject)['rows'] : expect
  if (!isRows(expected)) return refuse(`The test '${name}' expects no rows: expect: {rows: [...]}.`, ['expect'])
  const inputs = Array.isArray(given) ? given : refuse(`The test '${name}' has no list of given rows.`, ['given'])
  const { metric, ...rest } = query as JsonObject
  return {
    name,
    description: typeof description === 'string' ? description : null,
    file,
    given: inputs.map((each, index) => readGiven(each, (message) => refuse(message, ['given', index]))),
    query: readMetricQuery(metric === undefined ? rest : { ...rest, metrics: [metric] }),
    expect: expected,
    at,
  }
}

function readGiven(given: Json, refuse: (message: string) => never): GivenRows {
  const input = isObject(given) ? given['input'] : undefined
  if (!isObject(given) || typeof input !== 'string')
    return refuse("Given rows say whose they are: input: ref('orders').")
  const { rows, types = {} } = given
  if (!isRows(rows)) return refuse(`The rows of ${input} must be a list of mappings.`)
  if (!isObject(types)) return refuse(`The types of ${input} must be a mapping: types: {amount: decimal(10, 2)}.`)
  return { input: inputName(input), rows, types: types as Readonly<Record<string, string>> }
}

/** `ref('orders')` and `source('raw', 'orders')` by what they name. */
function inputName(input: string): string {
  const names = [...input.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double)
  if (/^\s*source\b/.test(input)) return names.join('.')
  return /^\s*ref\b/.test(input) ? (names.at(-1) ?? input) : input.trim()
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isRows(value: unknown): value is Readonly<Record<string, Json>>[] {
  return Array.isArray(value) && value.every((row) => isObject(row as Json))
}

function wrong(message: string, at: Diagnostic['at'], hint?: string): Diagnostic {
  return diagnostic('parsing', 'metric-test-invalid', message, { at, ...(hint === undefined ? {} : { hint }) })
}
