import { didYouMean } from '../../core/did-you-mean.js'
import { PyFloat, toRepr, type Value } from '../../jinja/index.js'
import type { YamlMapping, YamlValue } from '../yaml/construct.js'
import { isYamlMapping } from '../yaml/plain-json.js'
import type { YamlPath } from '../yaml/positions.js'
import { type KeyShape, PROJECT_KEYS, RESERVED_NAMES } from './project-keys.js'

/** Something wrong with a key: dbt's message without the path, and where. */
export interface ShapeFault {
  readonly path: YamlPath
  readonly message: string
  readonly hint?: string
  /** The message stands alone, without `at path [...]`. */
  readonly bare?: boolean
  /** What to point at, where it is not the value at `path`. */
  readonly place?: YamlPath
  /** The key is wrong, not its value. */
  readonly atKey?: boolean
}

/** `at path ['models']['x']: ` and the message: how dbt words a fault of shape. */
export function faultText(fault: ShapeFault): string {
  if (fault.bare === true) return fault.message
  const path = fault.path.map((step) => toRepr(step)).join('][')
  return `at path [${path}]: ${fault.message}`
}

/** Everything wrong with the shape of a rendered dbt_project.yml. */
export function checkProject(project: YamlMapping): ShapeFault[] {
  const faults: ShapeFault[] = []
  for (const [key, value] of Object.entries(project)) {
    const shape = PROJECT_KEYS[key]
    if (shape === undefined) continue
    const message = SHAPES[shape](value)
    if (message !== undefined) faults.push({ path: [key], message })
  }
  faults.push(...checkName(project), ...checkVersion(project), ...checkQuoting(project), ...checkQueryComment(project))
  faults.push(...unknownKeys(project))
  if (!Object.hasOwn(project, 'name')) {
    faults.push({ path: [], bare: true, message: 'Required "name" field not present in project' })
  }
  faults.push(...checkDispatch(project), ...checkTests(project))
  return faults
}

const repr = (value: YamlValue): string => toRepr(value as Value)
const UNFIT = (value: YamlValue): string => `${repr(value)} is not valid under any of the given schemas`
const isText = (value: YamlValue): value is string => typeof value === 'string'
const isTexts = (value: YamlValue): boolean => Array.isArray(value) && value.every(isText)
const isMapping = (value: YamlValue): boolean => isYamlMapping(value) || value instanceof Map

const SHAPES: { readonly [S in KeyShape]: (value: YamlValue) => string | undefined } = {
  any: () => undefined,
  'text?': (value) => (value === null || isText(value) ? undefined : UNFIT(value)),
  'texts?': (value) => (value === null || isTexts(value) ? undefined : UNFIT(value)),
  'text or texts?': (value) => (value === null || isText(value) || isTexts(value) ? undefined : UNFIT(value)),
  mapping: (value) => (isMapping(value) ? undefined : `${repr(value)} is not of type 'object'`),
  'mapping?': (value) => (value === null || isMapping(value) ? undefined : UNFIT(value)),
  boolean: (value) => (typeof value === 'boolean' ? undefined : `${repr(value)} is not of type 'boolean'`),
  'integer?': (value) =>
    value === null || Number.isInteger(value) || (value instanceof PyFloat && Number.isInteger(value.value))
      ? undefined
      : UNFIT(value),
}

function checkName(project: YamlMapping): ShapeFault[] {
  if (!Object.hasOwn(project, 'name')) return []
  const name = project['name']!
  if (!isText(name)) return [{ path: ['name'], message: `${repr(name)} is not of type 'string'` }]
  if (!/^[^\d\W]\w*$/u.test(name) && !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) {
    return [
      {
        path: ['name'],
        message: `${repr(name)} does not match '^[^\\\\d\\\\W]\\\\w*$'`,
        hint: 'a project name has letters, digits and underscores and begins with no digit',
      },
    ]
  }
  if (RESERVED_NAMES.has(name)) {
    return [{ path: [], place: ['name'], message: `Invalid project name: ${name} is a reserved word` }]
  }
  return []
}

const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)(\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?)?$/

function checkVersion(project: YamlMapping): ShapeFault[] {
  const version = project['version'] ?? null
  const fits =
    version === null ||
    typeof version === 'number' ||
    version instanceof PyFloat ||
    (isText(version) && SEMVER.test(version))
  return fits ? [] : [{ path: ['version'], message: UNFIT(version) }]
}

const QUOTING_KEYS = new Set(['schema', 'database', 'project', 'identifier', 'snowflake_ignore_case'])

function checkQuoting(project: YamlMapping): ShapeFault[] {
  const quoting = project['quoting'] ?? null
  if (quoting === null) return []
  const fits =
    isYamlMapping(quoting) &&
    Object.entries(quoting).every(
      ([key, value]) => QUOTING_KEYS.has(key) && (value === null || typeof value === 'boolean'),
    )
  return fits
    ? []
    : [{ path: ['quoting'], message: UNFIT(quoting), hint: 'it takes database, schema and identifier: true or false' }]
}

const COMMENT_KEYS: Readonly<Record<string, (value: YamlValue) => boolean>> = {
  comment: isText,
  append: (value) => value === null || typeof value === 'boolean',
  'job-label': (value) => typeof value === 'boolean',
}

function checkQueryComment(project: YamlMapping): ShapeFault[] {
  const comment = project['query-comment'] ?? null
  if (comment === null || isText(comment)) return []
  const fits =
    isYamlMapping(comment) && Object.entries(comment).every(([key, value]) => COMMENT_KEYS[key]?.(value) === true)
  return fits ? [] : [{ path: ['query-comment'], message: UNFIT(comment) }]
}

function unknownKeys(project: YamlMapping): ShapeFault[] {
  const unknown = Object.keys(project)
    .filter((key) => !Object.hasOwn(PROJECT_KEYS, key))
    .sort()
  if (unknown.length === 0) return []
  const list = unknown.map((key) => toRepr(key)).join(', ')
  const near = didYouMean(unknown[0]!, Object.keys(PROJECT_KEYS)) ?? dashed(unknown[0]!)
  return [
    {
      path: [],
      place: [unknown[0]!],
      atKey: true,
      message: `Additional properties are not allowed (${list} ${unknown.length === 1 ? 'was' : 'were'} unexpected)`,
      ...(near === undefined ? {} : { hint: near }),
    },
  ]
}

function dashed(key: string): string | undefined {
  const name = key.replaceAll('_', '-')
  return Object.hasOwn(PROJECT_KEYS, name) ? `did you mean '${name}'?` : undefined
}

function checkDispatch(project: YamlMapping): ShapeFault[] {
  const dispatch = project['dispatch']
  if (dispatch === undefined) return []
  if (!Array.isArray(dispatch)) return [{ path: ['dispatch'], message: `${repr(dispatch)} is not of type 'array'` }]
  return dispatch.flatMap((entry, index): ShapeFault[] => {
    if (!isYamlMapping(entry)) {
      return [{ path: ['dispatch', index], message: `${repr(entry)} is not of type 'object'` }]
    }
    const fits = 'macro_namespace' in entry && Array.isArray(entry['search_order'])
    return fits
      ? []
      : [{ path: [], place: ['dispatch', index], message: `Invalid project dispatch config: ${repr(entry)}` }]
  })
}

function checkTests(project: YamlMapping): ShapeFault[] {
  const filled = (key: string): boolean => isYamlMapping(project[key]) && Object.keys(project[key]).length > 0
  if (!filled('tests') || !filled('data_tests')) return []
  return [
    {
      path: [],
      place: ['tests'],
      atKey: true,
      message: "Invalid project config: cannot have both 'tests' and 'data_tests' defined",
    },
  ]
}
