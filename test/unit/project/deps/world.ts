import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { create } from 'tar'
import type { PlumbEvent } from '../../../../src/core/event.js'
import { createInvocation } from '../../../../src/core/invocation.js'
import { type InstallDepsOptions, installDeps, readYaml, type YamlValue } from '../../../../src/project/index.js'

export type Files = Readonly<Record<string, string>>

/** A folder tree for one test: a project, packages, git repositories, and a hub that serves archives. */
export class World {
  readonly root = mkdtempSync(join(tmpdir(), 'plumb-deps-'))
  readonly events: PlumbEvent[] = []
  readonly requests: string[] = []
  readonly #routes = new Map<
    string,
    () => { status: number; body: string | Buffer; headers?: Record<string, string> }
  >()
  #server: Server | undefined
  url = ''

  async start(): Promise<void> {
    this.#server = createServer((request, response) => {
      this.requests.push(request.url ?? '')
      const answer = this.#routes.get(request.url ?? '')?.() ?? { status: 404, body: 'not here' }
      response.writeHead(answer.status, answer.headers)
      response.end(answer.body)
    })
    await new Promise<void>((done) => this.#server!.listen(0, '127.0.0.1', done))
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  async close(): Promise<void> {
    await new Promise((done) => this.#server?.close(done))
    rmSync(this.root, { recursive: true, force: true })
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts)
  }

  write(folder: string, files: Files): string {
    for (const [name, text] of Object.entries(files)) {
      const path = this.path(folder, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    }
    return this.path(folder)
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8')
  }

  yaml(name: string): YamlValue {
    return readYaml(this.read(name), name)
  }

  serve(path: string, body: string | Buffer, status = 200): void {
    this.#routes.set(path, () => ({ status, body }))
  }

  /** Answers 503 a few times before the body. */
  serveFlaky(path: string, failures: number, body: string): void {
    let left = failures
    this.#routes.set(path, () => (left-- > 0 ? { status: 503, body: 'busy' } : { status: 200, body }))
  }

  /** An archive with one folder that holds these files. */
  async archive(name: string, files: Files): Promise<Buffer> {
    this.write(`archives/${name}`, files)
    const file = this.path(`archives/${name}.tar.gz`)
    await create({ gzip: true, file, cwd: this.path('archives') }, [name])
    return readFileSync(file)
  }

  /** Puts versions of a package on the hub. */
  async publish(name: string, versions: Readonly<Record<string, HubEntry>>): Promise<void> {
    const project = name.split('/')[1]!
    const described: Record<string, unknown> = {}
    for (const [version, entry] of Object.entries(versions)) {
      const path = `/tar/${name}/${version}.tar.gz`
      const files = { 'dbt_project.yml': `name: ${project}\nversion: ${version}\n`, 'macros/m.sql': `-- ${version}\n` }
      this.serve(path, await this.archive(`${project}-${version}`, files))
      described[version] = {
        name: project,
        version,
        packages: entry.packages ?? [],
        require_dbt_version: entry.require_dbt_version ?? [],
        downloads: { tarball: `${this.url}${path.slice(1)}`, format: 'tgz' },
      }
    }
    this.serve(
      `/api/v1/${name}.json`,
      JSON.stringify({ name: project, namespace: name.split('/')[0], versions: described }),
    )
  }

  /** A git repository with one commit for each set of files; tags by `tag:` keys. */
  repository(name: string, commits: readonly { files: Files; tag?: string }[]): string {
    const folder = this.path('repos', name)
    mkdirSync(folder, { recursive: true })
    this.git(folder, 'init', '-q', '-b', 'main')
    for (const { files, tag } of commits) {
      this.write(`repos/${name}`, files)
      this.git(folder, 'add', '-A')
      this.git(folder, 'commit', '-q', '-m', tag ?? 'work')
      if (tag !== undefined) this.git(folder, 'tag', tag)
    }
    return folder
  }

  git(folder: string, ...args: string[]): string {
    const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'uploadpack.allowFilter=true']
    return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' }).trim()
  }

  env(): Record<string, string> {
    return { PATH: process.env['PATH'] ?? '', HOME: this.root, DBT_PACKAGE_HUB_URL: this.url }
  }

  async deps(options: Partial<InstallDepsOptions> & { env?: Record<string, string> } = {}): Promise<void> {
    const { env, ...rest } = options
    const invocation = createInvocation({
      cwd: this.path('project'),
      env: { ...this.env(), ...env },
      emit: (event) => this.events.push(event),
    })
    await installDeps(invocation, { projectDir: this.path('project'), cliVars: {}, ...rest })
  }

  messages(): string[] {
    return this.events.filter((event) => event.level !== 'debug').map((event) => event.msg)
  }
}

export interface HubEntry {
  packages?: unknown[]
  require_dbt_version?: string | string[]
}

export const ROOT_PROJECT = 'name: shop\nversion: 1.0.0\nprofile: p\n'
