import type { JsonObject, ResourceType } from '../../manifest/index.js'
import { sameValue } from './same-value.js'

/** Keys that are no change of configuration: they make the relation (compared on its own) or only label. */
const LABELS: ReadonlySet<string> = new Set(['alias', 'schema', 'database', 'tags', 'group'])
const GROUP: ReadonlySet<string> = new Set(['group'])
const NONE: ReadonlySet<string> = new Set()

const IGNORED: Readonly<Partial<Record<ResourceType, ReadonlySet<string>>>> = {
  source: NONE,
  exposure: NONE,
  metric: GROUP,
}

/** Of tests only these keys count. */
const TEST_KEYS = [
  'severity',
  'where',
  'limit',
  'fail_calc',
  'warn_if',
  'error_if',
  'store_failures',
  'store_failures_as',
]

/**
 * Whether the configuration is as it was. It is compared as written (`unrendered_config`), so that what depends on the
 * environment does not count as a change.
 */
export function sameUnrenderedConfig(
  type: ResourceType,
  now: JsonObject | undefined = {},
  before: JsonObject | undefined = {},
): boolean {
  const sameKey = (key: string): boolean => key in now === key in before && sameValue(now[key], before[key])
  if (type === 'test') return TEST_KEYS.every(sameKey)
  const ignored = IGNORED[type] ?? LABELS
  return [...Object.keys(now), ...Object.keys(before)].every((key) => ignored.has(key) || sameKey(key))
}
