import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import {
  compareVersions,
  installableVersions,
  parseVersionSpec,
  pickVersion,
  rangeText,
  reduceVersions,
  versionText,
} from '../../../src/project/version-spec.js'

interface Recorded {
  texts: Record<string, string | null>
  compare: [string, string, number][]
  reduce: { specs: string[]; range: string | null; pick: string | null }[]
  available: string[]
  installable: string[]
  installablePrereleases: string[]
}

const recorded = JSON.parse(readFileSync(new URL('recorded/versions.json', import.meta.url), 'utf8')) as Recorded
const spec = (text: string) => parseVersionSpec(text)!

it('reads what dbt reads as a version', () => {
  for (const [text, expected] of Object.entries(recorded.texts)) {
    const parsed = parseVersionSpec(text)
    expect([text, parsed === undefined ? null : versionText(parsed)]).toEqual([text, expected])
  }
})

it('orders versions as dbt does', () => {
  for (const [a, b, order] of recorded.compare) {
    expect([a, b, compareVersions(spec(a), spec(b))]).toEqual([a, b, order])
  }
})

it('combines versions and picks one as dbt does', () => {
  for (const { specs, range, pick } of recorded.reduce) {
    const reduced = reduceVersions(specs.map(spec))
    expect([specs, reduced === undefined ? null : rangeText(reduced)]).toEqual([specs, range])
    if (reduced !== undefined) expect([specs, pickVersion(reduced, recorded.available) ?? null]).toEqual([specs, pick])
  }
})

it('knows what may be installed', () => {
  const shuffled = [...recorded.available].reverse()
  expect(installableVersions(shuffled, false)).toEqual(recorded.installable)
  expect(installableVersions(shuffled, true)).toEqual(recorded.installablePrereleases)
})
