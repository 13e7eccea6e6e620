/** A version with a matcher, as `require-dbt-version` and hub packages write them: `>=1.2.0`, `=0.9.1-rc1`. */
export interface VersionSpec {
  readonly matcher: '>' | '>=' | '<' | '<=' | '='
  readonly major: number
  readonly minor: number
  readonly patch: number
  readonly prerelease: string | null
  readonly build: string | null
}

/** What a set of specs leaves open; null = no bound on that side. */
export interface VersionRange {
  readonly start: VersionSpec | null
  readonly end: VersionSpec | null
}

const NUMBER = '(0|[1-9]\\d*)'
const TAG = '(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)'
const VERSION = new RegExp(
  `^(>=|>|<=|<|=)?${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-?(${TAG}(?:\\.${TAG})*))?(?:\\+([0-9A-Za-z-]*(?:\\.[0-9A-Za-z-]*)*))?$`,
)

/** Reads `>=1.2.0`; undefined when the text is no version (a leading or trailing blank makes it none). */
export function parseVersionSpec(text: string): VersionSpec | undefined {
  const match = VERSION.exec(text)
  if (match === null) return undefined
  return {
    matcher: (match[1] ?? '=') as VersionSpec['matcher'],
    major: Number(match[2]),
    minor: Number(match[3]),
    patch: Number(match[4]),
    prerelease: match[5] ?? null,
    build: match[6] ?? null,
  }
}

/** `>=1.2.0-rc1`; without the matcher for `plain`. */
export function versionText(spec: VersionSpec, plain = false): string {
  const { matcher, major, minor, patch, prerelease, build } = spec
  return `${plain ? '' : matcher}${major}.${minor}.${patch}${prerelease === null ? '' : `-${prerelease}`}${build === null ? '' : `+${build}`}`
}

/** `>=1.0.0, <2.0.0`, or `ANY`. */
export function rangeText(range: VersionRange): string {
  const parts = [range.start, range.end].filter((spec) => spec !== null).map((spec) => versionText(spec))
  return parts.length === 0 ? 'ANY' : parts.join(', ')
}

const isLower = (spec: VersionSpec): boolean => spec.matcher === '>' || spec.matcher === '>='
const isUpper = (spec: VersionSpec): boolean => spec.matcher === '<' || spec.matcher === '<='

/**
 * Orders two specs: by their numbers, then, where those are equal, by what their matchers let in. A release sorts
 * behind its pre-releases, except as an upper bound `<2.0.0`, which shuts out `2.0.0-rc1` too (dbt's rule).
 */
export function compareVersions(a: VersionSpec, b: VersionSpec): number {
  for (const part of ['major', 'minor', 'patch'] as const) if (a[part] !== b[part]) return a[part] > b[part] ? 1 : -1
  if (a.prerelease !== null || b.prerelease !== null) {
    if (a.prerelease === null) return a.matcher === '<' ? -1 : 1
    if (b.prerelease === null) return -1
    const order = comparePrereleases(a.prerelease, b.prerelease)
    if (order !== 0) return order
  }
  return compareMatchers(a, b)
}

function comparePrereleases(a: string, b: string): number {
  const left = a.split('.')
  const right = b.split('.')
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareTags(left[i]!, right[i]!)
    if (order !== 0) return order
  }
  return Math.sign(a.length - b.length)
}

function compareTags(a: string, b: string): number {
  const numbers = [a, b].map((tag) => /^\d+$/.test(tag))
  if (numbers[0] && numbers[1]) return Math.sign(Number(a) - Number(b))
  if (numbers[0] !== numbers[1]) return numbers[0] ? -1 : 1
  return a === b ? 0 : a > b ? 1 : -1
}

function compareMatchers(a: VersionSpec, b: VersionSpec): number {
  const pair = `${a.matcher} ${b.matcher}`
  if (pair === '>= <=' || pair === '<= >=') return 0
  if (pair === '< <=' || pair === '>= >' || (isUpper(a) && isLower(b))) return -1
  if (pair === '<= <' || pair === '> >=' || (isLower(a) && isUpper(b))) return 1
  return 0
}

function toRange(spec: VersionSpec): VersionRange {
  return { start: isUpper(spec) ? null : spec, end: isLower(spec) ? null : spec }
}

/** The range all specs agree on; undefined when there is none. */
export function reduceVersions(specs: readonly VersionSpec[]): VersionRange | undefined {
  const last = specs.at(-1)
  if (last === undefined) return { start: null, end: null }
  let range: VersionRange | undefined = toRange(last)
  for (const spec of specs.slice(0, -1)) {
    range = narrow(range, toRange(spec))
    if (range === undefined) return undefined
  }
  return range
}

function narrow(a: VersionRange, b: VersionRange): VersionRange | undefined {
  const exact = a.start?.matcher === '=' && b.start?.matcher === '='
  if (exact) return compareVersions(a.start!, b.start!) === 0 ? { start: a.start, end: a.start } : undefined
  const start = tighter(a.start, b.start, 1)
  const end = tighter(a.end, b.end, -1)
  if (start === undefined || end === undefined) return undefined
  if (start !== null && end !== null && compareVersions(start, end) > 0) return undefined
  return { start, end }
}

/** The stronger of two bounds: the greater of lower ones (`sign` 1), the lesser of upper ones (-1). */
function tighter(a: VersionSpec | null, b: VersionSpec | null, sign: 1 | -1): VersionSpec | null | undefined {
  if (a === null || b === null) return a ?? b
  if (a.matcher !== '=' && b.matcher !== '=') return Math.sign(compareVersions(a, b)) === -sign ? b : a
  const exact = a.matcher === '=' ? a : b
  const bound = a.matcher === '=' ? b : a
  const order = Math.sign(compareVersions(bound, exact))
  const inclusive = bound.matcher === (sign === 1 ? '>=' : '<=')
  return order === -sign || (order === 0 && inclusive) ? exact : undefined
}

/** Can all specs hold at once? One alone always can. */
export function versionsCompatible(specs: readonly VersionSpec[]): boolean {
  return specs.length <= 1 || reduceVersions(specs) !== undefined
}

/** The highest of `available` inside the range, as it was written; undefined when none is. */
export function pickVersion(range: VersionRange, available: readonly string[]): string | undefined {
  let best: { text: string; spec: VersionSpec } | undefined
  for (const text of available) {
    const spec = parseVersionSpec(text)
    if (spec === undefined) continue
    const specs = [spec, range.start, range.end].filter((each) => each !== null)
    if (!versionsCompatible(specs)) continue
    if (best === undefined || compareVersions(best.spec, spec) < 0) best = { text, spec }
  }
  return best?.text
}

/** Versions that may be installed, lowest first: pre-releases only when asked for. */
export function installableVersions(versions: readonly string[], prereleases: boolean): string[] {
  return versions
    .map((text) => ({ text, spec: parseVersionSpec(text) }))
    .filter((each): each is { text: string; spec: VersionSpec } => each.spec !== undefined)
    .filter(({ spec }) => prereleases || spec.prerelease === null)
    .sort((a, b) => compareVersions(a.spec, b.spec))
    .map(({ text }) => text)
}
