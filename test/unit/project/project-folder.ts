import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PlumbError } from '../../../src/core/diagnostic.js'
import type { PlumbEvent } from '../../../src/core/event.js'
import { createInvocation } from '../../../src/core/invocation.js'
import { type LoadProjectOptions, loadProject, type Project } from '../../../src/project/index.js'

export const PROFILES = 'p:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: ":memory:", schema: main}\n'

/** A folder with files, for one test. */
export class ProjectFolder {
  readonly root = mkdtempSync(join(tmpdir(), 'plumb-project-'))
  readonly events: PlumbEvent[] = []

  write(files: Readonly<Record<string, string>>): this {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, name)), { recursive: true })
      writeFileSync(join(this.root, name), text)
    }
    return this
  }

  load(options: Partial<LoadProjectOptions> & { env?: Record<string, string> } = {}): Promise<Project> {
    const { env = {}, ...rest } = options
    const emit = (event: PlumbEvent): unknown => this.events.push(event)
    return loadProject(createInvocation({ cwd: this.root, env: { HOME: '/nowhere', ...env }, emit }), {
      projectDir: this.root,
      cliVars: {},
      needProfile: true,
      builtinMacros: () => [],
      ...rest,
    })
  }

  /** What loading fails with. */
  async fault(options: Parameters<ProjectFolder['load']>[0] = {}): Promise<PlumbError> {
    const error = await this.load(options).catch((thrown: unknown) => thrown)
    if (error instanceof PlumbError) return error
    throw error instanceof Error ? error : new TypeError('the project loaded')
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}
