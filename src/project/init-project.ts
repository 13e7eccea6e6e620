import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fail } from '../core/diagnostic.js'
import type { Invocation } from '../core/invocation.js'
import { PROJECT_FILE, readProjectFile } from './config/project-file.js'
import { RESERVED_NAMES } from './config/project-keys.js'
import {
  STARTER_WAREHOUSES,
  type Starter,
  type StarterWarehouse,
  starterFiles,
  starterProfile,
} from './init/starter-files.js'
import { readProfilesFile } from './profile.js'

/** Asks one question; the answer, or the default for an empty one. */
export type Ask = (question: { message: string; default: string; choices?: readonly string[] }) => Promise<string>

export interface InitProjectOptions {
  /** Where the project's folder is made; absolute. */
  readonly directory: string
  /** Asked for when absent. */
  readonly name?: string | null | undefined
  /** Where profiles.yml goes; by default into the project, since it holds no secret. */
  readonly profilesDir?: string | null | undefined
  /** A profile that is there already, for the new project to use (`--profile`). */
  readonly profile?: string | null | undefined
  /** Write no profile. */
  readonly skipProfile?: boolean
  /** Ask nothing (`--yes`). */
  readonly yes?: boolean
  /** How to ask; on the terminal when absent. */
  readonly ask?: Ask
}

export interface InitProjectResult {
  readonly projectDir: string
  readonly name: string
  /** Files written, relative to `directory`. */
  readonly written: readonly string[]
}

/**
 * `init`: writes a small project that builds at once, and its profile. Inside of a project it only adds the profile
 * that is missing. Nothing that exists is overwritten.
 * @throws PlumbError `init-name`, `init-exists`, `init-profile`
 */
export async function initProject(invocation: Invocation, options: InitProjectOptions): Promise<InitProjectResult> {
  const ask = options.yes === true ? answerDefault : (options.ask ?? (await terminalAsk()))
  const inside = existsSync(join(options.directory, PROJECT_FILE))
  if (inside && (options.name ?? null) === null) {
    if (options.profile) {
      fail(
        'runtime',
        'init-profile',
        'Can not init existing project with specified profile, edit dbt_project.yml instead',
      )
    }
    return addProfile(invocation, options, ask)
  }
  const name =
    options.name ??
    (await ask({ message: 'Name of the project (letters, digits, underscores)', default: 'my_project' }))
  checkName(name)
  const projectDir = join(options.directory, name)
  if (existsSync(projectDir) && readdirSync(projectDir).length > 0) {
    fail('usage', 'init-exists', `A project called ${name} already exists here.`, {
      hint: `choose another name, or remove ${projectDir}`,
    })
  }
  if (options.profile) checkProfile(options.profile, options)
  const own = options.skipProfile !== true && !options.profile
  const starter: Starter = {
    name,
    profile: options.profile ?? name,
    warehouse: own ? await askWarehouse(ask) : 'duckdb',
  }
  const files = new Map(Object.entries(starterFiles(starter)).map(([file, text]) => [join(projectDir, file), text]))
  const profile = own ? profilePath(projectDir, options) : undefined
  if (profile !== undefined && !existsSync(profile)) files.set(profile, starterProfile(starter))
  else if (profile !== undefined) tellProfile(invocation, starter, profile)
  const written = writeFiles(files, options.directory)
  const next = `cd ${name} && plumb build`
  const msg = `Your new project "${name}" was created: ${written.length} files. Next: ${next}`
  const data = { project_name: name, next }
  invocation.emit({ name: 'ProjectCreated', code: 'A026', level: 'info', msg, data })
  return { projectDir, name, written }
}

/** Writes the profile that a project names and that is nowhere yet. */
async function addProfile(invocation: Invocation, options: InitProjectOptions, ask: Ask): Promise<InitProjectResult> {
  const projectDir = options.directory
  const { data } = readProjectFile(projectDir, PROJECT_FILE)
  const name = typeof data['profile'] === 'string' ? data['profile'] : String(data['name'] ?? basename(projectDir))
  const path = profilePath(projectDir, options)
  const starter: Starter = {
    name,
    profile: name,
    warehouse: options.skipProfile === true ? 'duckdb' : await askWarehouse(ask),
  }
  const known = readProfilesFile(dirname(path), projectDir)
  if (options.skipProfile === true || (known !== undefined && name in known.data)) {
    const msg = `The project ${name} has what it needs already.`
    invocation.emit({ name: 'ProjectReady', code: 'A027', level: 'info', msg, data: { project_name: name } })
    return { projectDir, name, written: [] }
  }
  if (known !== undefined) {
    tellProfile(invocation, starter, path)
    return { projectDir, name, written: [] }
  }
  const written = writeFiles(new Map([[path, starterProfile(starter)]]), projectDir)
  const msg = `Profile ${name} written to ${path}. Next: plumb debug`
  const told = { profile_name: name, profiles_path: path }
  invocation.emit({ name: 'ProfileWrittenWithTargetTemplateYAML', code: 'A021', level: 'info', msg, data: told })
  return { projectDir, name, written }
}

function profilePath(projectDir: string, options: InitProjectOptions): string {
  return join(options.profilesDir ?? projectDir, 'profiles.yml')
}

/** A profiles.yml that is there is the user's: they are told what to add. */
function tellProfile(invocation: Invocation, starter: Starter, path: string): void {
  const msg = `${path} exists and is left as it is. Add this to it:\n\n${starterProfile(starter)}`
  const data = { profile_name: starter.name, profiles_path: path }
  invocation.emit({ name: 'ProfileToAdd', code: 'A023', level: 'info', msg, data })
}

function checkName(name: string): void {
  if (/^[a-zA-Z_]\w*$/.test(name) && !RESERVED_NAMES.has(name)) return
  const suggestion = name.replace(/[^\w]+/g, '_').replace(/^(?=\d)/, '_')
  fail('usage', 'init-name', `${name} is not a valid project name.`, {
    hint: RESERVED_NAMES.has(name)
      ? 'it is a name templates use already'
      : `a name has letters, digits and underscores and begins with no digit, such as ${suggestion || 'my_project'}`,
  })
}

/** A project can be made for a profile only that is there. */
function checkProfile(name: string, options: InitProjectOptions): void {
  const folder = options.profilesDir ?? options.directory
  const known = readProfilesFile(folder, options.directory)
  if (known !== undefined && name in known.data) return
  fail('runtime', 'init-profile', `Could not find profile named '${name}'`, {
    hint: known === undefined ? `there is no profiles.yml in ${folder}` : undefined,
  })
}

async function askWarehouse(ask: Ask): Promise<StarterWarehouse> {
  const answer = await ask({ message: 'Warehouse', default: 'duckdb', choices: STARTER_WAREHOUSES })
  const found = STARTER_WAREHOUSES.find((each) => each === answer.trim().toLowerCase())
  if (found !== undefined) return found
  return fail('usage', 'init-warehouse', `${answer} is not a warehouse a profile can be written for.`, {
    hint: `there are: ${STARTER_WAREHOUSES.join(', ')}`,
  })
}

/** Writes files that do not exist yet. @returns their paths relative to `base` */
function writeFiles(files: ReadonlyMap<string, string>, base: string): string[] {
  const written: string[] = []
  for (const [path, text] of files) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text, { flag: 'wx' })
    written.push(relative(base, path))
  }
  return written
}

const answerDefault: Ask = async (question) => question.default

async function terminalAsk(): Promise<Ask> {
  const { createInterface } = await import('node:readline/promises')
  return async ({ message, default: fallback, choices }) => {
    const terminal = createInterface({ input: process.stdin, output: process.stdout })
    try {
      const shown = choices === undefined ? fallback : `${choices.join('/')}, ${fallback}`
      return (await terminal.question(`${message} [${shown}]: `)).trim() || fallback
    } finally {
      terminal.close()
    }
  }
}
