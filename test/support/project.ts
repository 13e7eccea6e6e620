import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'

export const REPO = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const BIN = join(REPO, 'bin', 'plumb.js')

/** Files of a project: nested objects are folders. */
export interface Tree {
  readonly [name: string]: string | Tree
}

export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** stdout without time stamps. */
  readonly lines: readonly string[]
}

export interface RunResultRow {
  readonly unique_id: string
  readonly status: string
  readonly message: string | null
  readonly failures: number | null
  readonly [key: string]: unknown
}

export interface TestProject {
  readonly dir: string
  /** Runs `plumb` as a user would: a process of its own, no TTY. */
  run(...args: string[]): Promise<CommandResult>
  runWith(env: Record<string, string>, ...args: string[]): Promise<CommandResult>
  write(tree: Tree): void
  remove(path: string): void
  read(path: string): string
  json<T = unknown>(path: string): T
  exists(path: string): boolean
  /** unique_id -> status of the last command. */
  statuses(): Record<string, string>
  results(): readonly RunResultRow[]
  /** Rows of a query on the project's DuckDB file, as objects. */
  query(sql: string): Promise<Record<string, unknown>[]>
  dispose(): void
}

function writeTree(dir: string, tree: Tree): void {
  for (const [name, content] of Object.entries(tree)) {
    const path = join(dir, name)
    if (typeof content === 'string') {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
    } else {
      mkdirSync(path, { recursive: true })
      writeTree(path, content)
    }
  }
}

const DEFAULTS: Tree = {
  'dbt_project.yml': "name: test\nversion: '1.0'\nconfig-version: 2\nprofile: test\n",
  'profiles.yml':
    'test:\n  target: dev\n  outputs:\n    dev:\n      type: duckdb\n      path: test.duckdb\n      threads: 4\n',
}

/** A project on disk in a directory of its own, on a real DuckDB file. */
export function testProject(tree: Tree = {}): TestProject {
  const dir = mkdtempSync(join(tmpdir(), 'plumb-test-'))
  writeTree(dir, DEFAULTS)
  writeTree(dir, tree)
  const read = (path: string): string => readFileSync(join(dir, path), 'utf8')
  const project: TestProject = {
    dir,
    run: (...args) => runPlumb(dir, args),
    runWith: (env, ...args) => runPlumb(dir, args, env),
    write: (more) => writeTree(dir, more),
    remove: (path) => rmSync(join(dir, path), { recursive: true, force: true }),
    read,
    json: <T>(path: string) => JSON.parse(read(path)) as T,
    exists: (path) => existsSync(join(dir, path)),
    results: () => (JSON.parse(read('target/run_results.json')) as { results: RunResultRow[] }).results,
    statuses: () => Object.fromEntries(project.results().map((r) => [r.unique_id, r.status])),
    async query(sql) {
      const instance = await DuckDBInstance.create(join(dir, 'test.duckdb'))
      try {
        const connection = await instance.connect()
        const reader = await connection.runAndReadAll(sql)
        const rows = reader.getRowObjectsJson() as Record<string, unknown>[]
        connection.closeSync()
        return rows
      } finally {
        instance.closeSync()
      }
    },
    dispose: () => rmSync(dir, { recursive: true, force: true }),
  }
  return project
}

/** Runs the built command line in `cwd`. */
export function runPlumb(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<CommandResult> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', HOME: cwd, TZ: 'UTC', NO_COLOR: '1', DBT_PROFILES_DIR: cwd, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', failed)
    child.on('close', (code) =>
      done({
        code: code ?? -1,
        stdout,
        stderr,
        lines: stdout.split('\n').map((l) => l.replace(/^\d\d:\d\d:\d\d {2}/, '')),
      }),
    )
  })
}
