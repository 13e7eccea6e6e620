/**
 * Asks the suite's questions as a user would: each of its projects copied, with a profile for the warehouse, and all of
 * its questions through one `plumb query --queries`.
 */

import { spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { REPO, runPlumb } from '../../support/project.js'
import { difference } from './compare-rows.js'
import { writeNewSpellingProject } from './new-spelling-project.js'
import { expectedRows, readErrorCases, readManifest, readQueryCases } from './suite.js'

export interface Verdict {
  readonly asked: number
  readonly refused: number
  /** By id of the case. */
  readonly faults: Map<string, string>
}

interface Line {
  readonly id: string
  readonly columns?: readonly { readonly name: string; readonly type: string }[]
  readonly rows?: readonly (readonly unknown[])[]
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string | null }
}

/**
 * @param output the profile's output, with a database named `mf` that has the suite's tables
 * @param way the project's own YAML; the manifest that dbt wrote; or a project in the newer spelling
 */
export async function throughCommandLine(
  folder: string,
  scratch: string,
  output: Readonly<Record<string, unknown>>,
  way: 'yaml' | 'manifest' | 'newer' = 'yaml',
): Promise<Verdict> {
  const faults = new Map<string, string>()
  const queries = readQueryCases(folder)
  const refusals = readErrorCases(folder)
  const manifests = [...new Set([...queries, ...refusals].map((test) => test.manifest))]
  for (const manifest of manifests) {
    const project = join(scratch, manifest)
    if (way === 'newer') {
      rmSync(project, { recursive: true, force: true })
      writeNewSpellingProject(readManifest(folder, manifest), project, output)
      const built = await runPlumb(project, ['run', '--quiet'])
      if (built.code !== 0) throw new Error(built.stdout)
    } else {
      copyWritable(join(folder, 'manifests', manifest), project)
      writeFileSync(
        join(project, 'profiles.yml'),
        JSON.stringify({ mf_conformance: { target: 'dev', outputs: { dev: output } } }),
      )
    }
    const asked = [...queries, ...refusals].filter((test) => test.manifest === manifest)
    const lines = asked.map(({ id, query }) => `${JSON.stringify({ id, query })}\n`).join('')
    const options = way === 'manifest' ? ['--semantic-manifest', 'semantic_manifest.dbt-core-1.11.16.json'] : []
    const answers = new Map((await ask(project, lines, options)).map((line) => [line.id, line]))
    for (const test of queries.filter((each) => each.manifest === manifest)) {
      const answer = answers.get(test.id)
      const fault = faultOf(test, answer, folder)
      if (fault !== undefined) faults.set(test.id, fault)
    }
    for (const { id } of refusals.filter((each) => each.manifest === manifest)) {
      const error = answers.get(id)?.error
      if (error === undefined) faults.set(id, 'was not refused')
      else if (error.code === 'database-error') faults.set(id, `was refused by the warehouse: ${error.message}`)
    }
  }
  return { asked: queries.length, refused: refusals.length, faults }
}

function faultOf(
  test: ReturnType<typeof readQueryCases>[number],
  answer: Line | undefined,
  folder: string,
): string | undefined {
  if (answer === undefined) return 'has no answer'
  if (answer.error !== undefined) return `${answer.error.code}: ${answer.error.message}`
  const rows = answer.rows ?? []
  if (test.compare === 'row_count') {
    return rows.length === test.expected.row_count ? undefined : `${rows.length} rows`
  }
  const names = (columns: readonly { readonly name: string }[]) => columns.map((column) => column.name)
  const expected = { columns: names(test.expected.columns), rows: expectedRows(folder, test.expected) }
  return difference({ columns: names(answer.columns ?? []), rows }, expected, test.check_order)
}

/** The suite is read only, and so would its copy be. */
function copyWritable(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  cpSync(from, to, {
    recursive: true,
    filter: (_, copy) => {
      return !copy.endsWith('/target')
    },
  })
  chmodSync(to, 0o755)
  chmodSync(join(to, 'profiles.yml'), 0o644)
}

async function ask(project: string, lines: string, options: readonly string[]): Promise<Line[]> {
  const child = spawn(process.execPath, [join(REPO, 'bin', 'plumb.js'), 'query', '--queries', '-', ...options], {
    cwd: project,
    env: { PATH: process.env['PATH'], HOME: project, TZ: 'UTC', DBT_PROFILES_DIR: project },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  child.stdin.end(lines)
  const code = await new Promise((done) => child.once('close', done))
  if (code !== 0) throw new Error(`plumb query ended with ${code}:\n${err}${out.slice(0, 2000)}`)
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
}
