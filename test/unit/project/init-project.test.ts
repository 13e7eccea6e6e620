import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { PlumbError } from '../../../src/core/diagnostic.js'
import type { PlumbEvent } from '../../../src/core/event.js'
import { createInvocation, type Invocation } from '../../../src/core/invocation.js'
import { type Ask, initProject, loadProject, PackageFiles } from '../../../src/project/index.js'

let directory: string
let events: PlumbEvent[]
let invocation: Invocation
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plumb-init-'))
  events = []
  invocation = createInvocation({ cwd: directory, env: {}, emit: (event) => events.push(event) })
})
afterEach(() => rmSync(directory, { recursive: true }))

const load = (projectDir: string, env: Record<string, string> = {}) =>
  loadProject(createInvocation({ cwd: projectDir, env }), {
    projectDir,
    cliVars: {},
    needProfile: true,
    builtinMacros: () => [],
  })

it('writes a project that loads, with --yes and without a question', async () => {
  const { projectDir, written } = await initProject(invocation, { directory, yes: true })
  expect(projectDir).toBe(join(directory, 'my_project'))
  expect(written).toContain(join('my_project', 'profiles.yml'))
  const project = await load(projectDir)
  expect(project.profile?.output).toMatchObject({ type: 'duckdb', path: 'my_project.duckdb' })
  const models = new PackageFiles(project.root).find(project.root.config.modelPaths, ['.sql'])
  expect(models.map((file) => file.relativePath)).toEqual([
    'marts/daily_bookings.sql',
    'marts/days.sql',
    'staging/stg_bookings.sql',
  ])
  expect(events.map((event) => event.msg)).toEqual([
    `Your new project "my_project" was created: ${written.length} files. Next: cd my_project && plumb build`,
  ])
})

it('asks for name and warehouse, and keeps passwords out of the profile', async () => {
  const asked: string[] = []
  const ask: Ask = async (question) => {
    asked.push(question.message)
    return question.choices === undefined ? 'shop' : 'Postgres'
  }
  const { projectDir } = await initProject(invocation, { directory, ask })
  expect(asked).toHaveLength(2)
  const project = await load(projectDir, { DBT_ENV_SECRET_PGPASSWORD: 'hush', PGPORT: '5433' })
  expect(project.profile?.output).toMatchObject({ type: 'postgres', password: 'hush', port: 5433, schema: 'shop' })
  expect(readFileSync(join(projectDir, 'profiles.yml'), 'utf8')).not.toContain('hush')
})

it.each([
  ['my-shop', 'my_shop'],
  ['1shop', '_1shop'],
  ['config', 'templates'],
])('refuses the name %s and says what would do', async (name, hint) => {
  const error = (await initProject(invocation, { directory, name, yes: true }).catch((e: unknown) => e)) as PlumbError
  expect(error).toBeInstanceOf(PlumbError)
  expect(error.first.hint).toContain(hint)
  expect(existsSync(join(directory, name))).toBe(false)
})

it('overwrites nothing', async () => {
  mkdirSync(join(directory, 'shop'))
  writeFileSync(join(directory, 'shop', 'mine.txt'), 'x')
  const error = (await initProject(invocation, { directory, name: 'shop', yes: true }).catch(
    (e: unknown) => e,
  )) as PlumbError
  expect(error.first.message).toBe('A project called shop already exists here.')
  writeFileSync(join(directory, 'profiles.yml'), 'other: {}\n')
  await initProject(invocation, { directory, name: 'other_shop', yes: true, profilesDir: directory })
  expect(readFileSync(join(directory, 'profiles.yml'), 'utf8')).toBe('other: {}\n')
  expect(events.find((event) => event.name === 'ProfileToAdd')?.msg).toContain('other_shop:\n  target: dev\n')
})

it('adds the profile that an existing project lacks', async () => {
  writeFileSync(join(directory, 'dbt_project.yml'), 'name: shop\nprofile: tills\n')
  const { written } = await initProject(invocation, { directory, yes: true })
  expect(written).toEqual(['profiles.yml'])
  expect((await load(directory)).profile?.profileName).toBe('tills')
  expect((await initProject(invocation, { directory, yes: true })).written).toEqual([])
})

it('can leave the profile out', async () => {
  const { written } = await initProject(invocation, { directory, name: 'shop', skipProfile: true, yes: true })
  expect(written.some((file) => file.endsWith('profiles.yml'))).toBe(false)
})
