import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { YamlPath } from '../../../../src/project/index.js'
import { skipInProject, skipInProperties } from '../../../../src/project/render/skip-keys.js'

interface Recorded {
  properties: Record<string, number[]>
  propertyPaths: YamlPath[]
  project: number[]
  projectPaths: YamlPath[]
}

const recorded = JSON.parse(readFileSync(new URL('../recorded/rendering.json', import.meta.url), 'utf8')) as Recorded

it.each(Object.entries(recorded.properties))('leaves the same of %s unrendered as dbt', (key, skipped) => {
  expect(skipped.length).toBeGreaterThan(0)
  const paths = recorded.propertyPaths
  expect(paths.filter(skipInProperties(key))).toEqual(skipped.map((index) => paths[index]))
})

it('leaves the same of dbt_project.yml unrendered as dbt', () => {
  const paths = recorded.projectPaths
  expect(paths.filter(skipInProject)).toEqual(recorded.project.map((index) => paths[index]))
})
