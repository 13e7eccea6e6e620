import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PlumbError } from '../../../src/core/diagnostic.js'
import { createInvocation } from '../../../src/core/invocation.js'
import type { Json, JsonObject } from '../../../src/manifest/index.js'
import { packagesHash } from '../../../src/project/deps/lock-file.js'
import { createYamlScope, loadProject, manifestSelectors, type Project, plainJson } from '../../../src/project/index.js'
import { readPackagesFile } from '../../../src/project/packages-file.js'
import { parseVersionSpec, versionText } from '../../../src/project/version-spec.js'

interface Case {
  name: string
  env: Record<string, string>
  vars: JsonObject
  files: Record<string, string>
}
interface Loaded {
  error?: string
  text?: string
  project: Record<string, Json>
  hash: string
  target: JsonObject
  selectors: JsonObject
  queryComment: JsonObject
}

const read = (name: string): string => readFileSync(new URL(`recorded/${name}`, import.meta.url), 'utf8')
const cases = JSON.parse(read('projects.json')) as Case[]
const recorded = JSON.parse(read('projects-as-loaded.json')) as Record<string, Loaded>

/** Loads a project made of these files. `<root>` stands for its folder in the messages of what is thrown. */
async function load(given: Case): Promise<{ project: Project; target: JsonObject; hash: string }> {
  const root = mkdtempSync(join(tmpdir(), 'plumb-project-'))
  try {
    for (const [name, text] of Object.entries(given.files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true })
      writeFileSync(join(root, name), text)
    }
    const invocation = createInvocation({ cwd: root, env: { HOME: '/nowhere', ...given.env } })
    let target: JsonObject = {}
    const project = await loadProject(invocation, {
      projectDir: root,
      cliVars: given.vars,
      needProfile: true,
      needPackages: false,
      builtinMacros: () => [],
      describeTarget: ({ output, threads, targetName, profileName }) => {
        target = plainJson({
          ...(output as JsonObject),
          threads,
          name: targetName,
          profile_name: profileName,
        }) as JsonObject
        return { schema: 'main', ...target }
      },
    })
    const scope = createYamlScope({ invocation, vars: given.vars, envVars: { secrets: true } })
    const packages = await readPackagesFile(root, { scope, env: invocation.env })
    return { project, target, hash: packagesHash(packages.specs) }
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    throw new PlumbError(error.diagnostics.map((d) => ({ ...d, message: d.message.replaceAll(root, '<root>') })))
  } finally {
    rmSync(root, { recursive: true })
  }
}

/** Our configuration under dbt's keys. */
function asDbt({ root, selectors }: Project): Record<string, unknown> {
  const { config } = root
  return {
    name: config.name,
    version: config.version,
    profile: config.profile,
    'model-paths': config.modelPaths,
    'macro-paths': config.macroPaths,
    'seed-paths': config.seedPaths,
    'test-paths': config.testPaths,
    'analysis-paths': config.analysisPaths,
    'snapshot-paths': config.snapshotPaths,
    'asset-paths': config.assetPaths,
    'target-path': config.targetPath,
    'clean-targets': config.cleanTargets,
    'on-run-start': config.onRunStart,
    'on-run-end': config.onRunEnd,
    dispatch: config.dispatch,
    ...Object.fromEntries(SECTIONS.map((section) => [section, config.configTrees[section]])),
    vars: plainJson(config.vars),
    'require-dbt-version': config.requireDbtVersion.map((part) => versionText(parseVersionSpec(part)!)),
    'restrict-access': config.restrictAccess,
    flags: config.flags,
    selectors: manifestSelectors(selectors),
    comment: config.queryComment.comment,
    append: config.queryComment.append,
    'job-label': config.queryComment.jobLabel,
  }
}

const SECTIONS = [
  'models',
  'seeds',
  'snapshots',
  'sources',
  'data_tests',
  'unit_tests',
  'metrics',
  'semantic-models',
  'saved-queries',
  'exposures',
  'functions',
] as const

function asRecorded(loaded: Loaded, keys: readonly string[]): Record<string, unknown> {
  const comment = loaded.queryComment['comment'] as string
  const version = loaded.project['version']
  return {
    ...Object.fromEntries(keys.map((key) => [key, loaded.project[key]])),
    version: version === null ? null : version === 1 ? '1.0' : String(version),
    profile: loaded.target['profile_name'],
    selectors: loaded.selectors,
    comment: comment.startsWith('\n{%- set comment_dict') ? null : comment,
    append: loaded.queryComment['append'] === true,
    'job-label': loaded.queryComment['job_label'],
  }
}

/** What dbt refuses and we read, and why. */
const LENIENT: Readonly<Record<string, string>> = {
  'version integer': 'an integer is a number too',
  "require-dbt-version '>1.11.16'": 'what 1.12 added is understood',
  'flags list': 'flags are read, and reported on, by the command line',
  "query comment 'false'": 'false is no comment',
}

describe('a project loads as dbt-core loads it', () => {
  const good = cases.filter(({ name }) => recorded[name]!.error === undefined)
  it.each(good.map((each) => [each.name, each] as const))('%s', async (name, each) => {
    const expected = recorded[name]!
    const { project, target, hash } = await load(each)
    const ours = asDbt(project)
    expect(ours).toEqual(asRecorded(expected, Object.keys(ours)))
    for (const [key, value] of Object.entries(project.root.config.quoting)) {
      expect((expected.project['quoting'] as JsonObject)[key === 'project' ? 'database' : key] ?? value).toEqual(value)
    }
    expect(target).toMatchObject({
      threads: expected.target['threads'],
      name: expected.target['name'],
      type: expected.target['type'],
    })
    if ('schema' in target) expect(target['schema']).toEqual(expected.target['schema'])
    expect(hash).toBe(expected.hash)
  })
})

describe("a faulty project is refused in dbt-core's words", () => {
  const bad = cases.filter(({ name }) => recorded[name]!.error !== undefined && !(name in LENIENT))
  it.each(bad.map((each) => [each.name, each] as const))('%s', async (name, each) => {
    const error = await load(each).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(PlumbError)
    const { error: type, text } = recorded[name]!
    // What dbt's own code trips over has no words worth keeping.
    if (
      type!.startsWith('Type') ||
      type!.startsWith('Attribute') ||
      type!.startsWith('Key') ||
      type!.startsWith('Value')
    )
      return
    expect(words((error as PlumbError).first.message)).toBe(words(text!))
  })
})

/** A message without headers, layout, and dbt's excerpts of YAML (the place says it here). */
function words(message: string): string {
  return message
    .replace(/(?:Runtime|Compilation|Parsing) Error/g, '')
    .replace(/(Syntax error near line \d+)[\s\S]*/, '$1')
    .replace(/Error encountered in .*/, '')
    .replace(/\n +line \d+\n[\s\S]*/, '')
    .replace(/, 'unrendered': \{[^}]*\}/, '')
    .replace(/\s+/g, ' ')
    .trim()
}
