import { sha256 } from '../../core/checksum.js'
import { diagnostic, PlumbError } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import { toRepr, toStr, type Value } from '../../jinja/index.js'
import type { JsonObject, UnitTestDefinition } from '../../manifest/index.js'
import type { Entry } from '../properties/entries.js'
import { unitTestShape } from '../shape/resource-shapes.js'
import { attempt, blame, type ParseState } from '../state.js'
import { addDisabled, reportDuplicate } from './add-node.js'
import { normalizeRows, type UnitTestRows } from './unit-test-rows.js'

type Data = { [key: string]: unknown }

/** Adds the `unit_tests:` of a file. Which models they test is found when all models are known. */
export async function parseUnitTests(state: ParseState, entries: readonly Entry[]): Promise<void> {
  for (const entry of entries) await attempt(state, () => parseUnitTest(state, entry))
}

function parseUnitTest(state: ParseState, entry: Entry): void {
  const { properties, key, base, data } = entry
  const fault = unitTestShape.check(data)
  if (fault !== undefined) throw properties.invalidEntry(key, base, data, fault)
  const versions = data['versions'] as { include?: unknown[]; exclude?: unknown[] } | null | undefined
  if (versions?.include?.length && versions.exclude?.length) {
    const message = 'Unit tests can not both include and exclude versions.'
    throw properties.invalidEntry(key, base, data, { message, path: [] })
  }
  const { file } = properties
  const name = data['name'] as string
  const model = data['model'] as string
  const fqn = [file.packageName, ...file.originalPath.split('/').slice(1, -1), model, name]
  const id = `unit_test.${file.packageName}.${model}.${name}`
  try {
    const subject = { type: 'unit_test', packageName: file.packageName, fqn } as const
    const config = state.configs.resolve(subject, { patch: (data['config'] ?? {}) as Data })
    const test: UnitTestDefinition = {
      model,
      given: (data['given'] as Data[]).map((given, i) => {
        const { input } = given as { input: string }
        const rows = readRows(state, entry, given, { name, kind: 'input', input, path: [...base, 'given', i] })
        return { input, ...rows }
      }),
      expect: readRows(state, entry, data['expect'] as Data, { name, kind: 'expected', path: [...base, 'expect'] }),
      name,
      resource_type: 'unit_test',
      package_name: file.packageName,
      path: file.relativePath,
      original_file_path: file.originalPath,
      unique_id: id,
      fqn,
      description: (data['description'] as string | undefined) ?? '',
      overrides: overridesOf(data['overrides']),
      depends_on: { macros: [], nodes: [] },
      config: { ...config } as UnitTestDefinition['config'],
      checksum: null,
      schema: null,
      created_at: state.createdAt,
      versions: versionsOf(versions),
      version: null,
    }
    test.checksum = checksumOf(test)
    addUnitTest(state, test)
  } catch (error) {
    throw blame(error, { name, resource_type: 'unit_test', unique_id: id, original_file_path: file.originalPath })
  }
}

function addUnitTest(state: ParseState, test: UnitTestDefinition): void {
  if (!test.config.enabled) {
    addDisabled(state, test)
    return
  }
  const other = state.manifest.unit_tests[test.unique_id]
  if (other !== undefined) reportDuplicate(state, test, other)
  else state.manifest.unit_tests[test.unique_id] = test
}

interface RowsPlace {
  readonly name: string
  readonly kind: 'input' | 'expected'
  readonly input?: string
  readonly path: readonly (string | number)[]
}

function readRows(state: ParseState, entry: Entry, given: Data, place: RowsPlace): UnitTestRows {
  const { file } = entry.properties
  const fixtureName = (given['fixture'] as string | null | undefined) ?? null
  const format = (given['format'] as UnitTestRows['format'] | undefined) ?? 'dict'
  let fixture: string | JsonObject[] | undefined
  if (fixtureName !== null && format !== 'dict') {
    const found = state.fixtures.get(`${file.packageName}.${fixtureName}`)
    if (found === undefined) {
      const names = [...state.fixtures.values()].map((f) => f.name)
      throw new PlumbError(
        diagnostic(
          'parsing',
          'fixture-not-found',
          `File not found for fixture '${fixtureName}' in unit tests in ${file.originalPath}`,
          { at: entry.properties.at([...place.path, 'fixture']), hint: didYouMean(fixtureName, names) },
        ),
      )
    }
    fixture = found.rows
  }
  try {
    return normalizeRows(state, file.packageName, {
      test: place.name,
      kind: place.kind,
      input: place.input,
      format,
      fixtureName,
      fixture,
      rows: (given['rows'] ?? null) as string | JsonObject[] | null,
    })
  } catch (error) {
    throw error instanceof PlumbError ? error.with({ at: entry.properties.at(place.path) }) : error
  }
}

function overridesOf(given: unknown): UnitTestDefinition['overrides'] {
  if (given === null || given === undefined) return null
  const { macros = {}, vars = {}, env_vars = {} } = given as Partial<NonNullable<UnitTestDefinition['overrides']>>
  return { macros, vars, env_vars }
}

function versionsOf(
  given: { include?: unknown; exclude?: unknown } | null | undefined,
): UnitTestDefinition['versions'] {
  if (given === null || given === undefined) return null
  return { include: given.include ?? null, exclude: given.exclude ?? null } as UnitTestDefinition['versions']
}

/** A hash of all that makes the test, in Python's words as dbt makes it: everything but the description. */
function checksumOf(test: UnitTestDefinition): string {
  const format = (f: string): string => `<UnitTestFormat.${{ csv: 'CSV', dict: 'Dict', sql: 'SQL' }[f] ?? f}: '${f}'>`
  const repr = (value: unknown): string => toRepr(value as Value)
  const rows = (r: UnitTestRows): string =>
    `rows=${repr(r.rows)}, format=${format(r.format)}, fixture=${repr(r.fixture)}`
  const given = test.given.map((g) => `UnitTestInputFixture(input=${repr(g.input)}, ${rows(g as UnitTestRows)})`)
  const { versions, overrides } = test
  const ofVersions =
    versions === null
      ? 'None'
      : `UnitTestNodeVersions(include=${repr(versions.include)}, exclude=${repr(versions.exclude)})`
  const ofOverrides =
    overrides === null
      ? 'None'
      : `UnitTestOverrides(macros=${repr(overrides.macros)}, vars=${repr(overrides.vars)}, env_vars=${repr(overrides.env_vars)})`
  let text = `${test.model}-${ofVersions}-[${given.join(', ')}]-UnitTestOutputFixture(${rows(test.expect as UnitTestRows)})-${ofOverrides}`
  for (const input of test.given) if (input.fixture) text += `-${toStr(input.rows as Value)}`
  return sha256(text)
}
