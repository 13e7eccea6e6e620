import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fail } from '../core/diagnostic.js'
import type { PlumbEvent } from '../core/event.js'
import { exactJson } from '../core/exact-json.js'
import type { Flags } from '../core/flags.js'
import { DBT_VERSION, type Invocation, PLUMB_VERSION } from '../core/invocation.js'
import type { JsonObject } from '../manifest/index.js'
import {
  Deprecations,
  loadEnvFile,
  parseYamlOption,
  readProjectFlags,
  resolveProfilesDir,
  resolveProjectDir,
} from '../project/index.js'
import type { Project } from '../project/types.js'
import { openProject, type Workspace } from '../workspace.js'
import { commandCalled } from './catalog.js'
import type { Command } from './command.js'
import { engineEnvironment } from './engine-env.js'
import type { Occasion } from './invocation-args.js'
import type { ParsedArguments } from './parse-argv.js'
import { buildFlags, type FlagSources, optionsOf, type ResolvedOptions, resolveOptions } from './resolve-flags.js'
import type { EventRouter } from './sinks/event-router.js'

/** Everything a command can ask for; made when asked. */
export interface Ready {
  readonly invocation: Invocation
  readonly flags: Flags
  readonly options: ResolvedOptions
  readonly argument: string | undefined
  /** Absolute; also the working directory. */
  readonly projectDir: string
  /** Absolute; where profiles.yml is read from. */
  readonly profilesDir: string
  /** `--vars` */
  readonly cliVars: JsonObject
  project(): Promise<Project>
  workspace(): Promise<Workspace>
  emit(event: PlumbEvent): void
  info(name: string, code: string, msg: string, data: Record<string, unknown>): void
  /** The same project with the arguments of an earlier command in place of these (retry). */
  again(which: string, args: Readonly<Record<string, unknown>>): Promise<Ready>
  /** The command's own output: stdout, no time stamp, not silenced by --quiet. */
  print(text: string): void
  /** Data as it is, to stdout; resolves when the reader has room for more. */
  answer(data: string | Uint8Array): Promise<void>
}

export interface PrepareInput {
  readonly invocation: Invocation
  readonly command: Command
  readonly parsed: ParsedArguments
  readonly router: EventRouter
  readonly argv: readonly string[]
}

/**
 * Settles flags and where output goes, moves to the project directory (as dbt does, so that relative paths in profiles
 * and models mean the same), and hands out the rest on demand.
 */
export async function prepare({ invocation, command, parsed, router, argv }: PrepareInput): Promise<Ready> {
  const { env: shell, cwd } = invocation
  const asked = parsed.values.get('project_dir') ?? shell['DBT_ENGINE_PROJECT_DIR'] ?? shell['DBT_PROJECT_DIR']
  const given = asked === undefined || asked === '' ? undefined : String(asked)
  const projectDir = command.name === 'init' ? resolve(cwd, given ?? '.') : resolveProjectDir(invocation, given)
  if (given !== undefined && !existsSync(projectDir)) {
    fail('usage', 'bad-option-value', `Invalid value for '--project-dir': Directory '${given}' does not exist.`)
  }
  const deprecations = new Deprecations(router.emit)
  const ready: Invocation = {
    ...invocation,
    env: engineEnvironment(loadEnvFile(projectDir, shell, cwd), deprecations),
  }
  const profilesDirOption = parsed.values.get('profiles_dir') ?? ready.env['DBT_ENGINE_PROFILES_DIR'] ?? null
  const profilesDir = resolveProfilesDir(
    ready,
    projectDir,
    profilesDirOption === null ? null : String(profilesDirOption),
  )
  const sources: FlagSources = {
    command,
    commandLine: parsed.values,
    env: ready.env,
    projectFlags: readProjectFlags(projectDir, profilesDir, deprecations),
    isTty: process.stdout.isTTY === true,
    readYaml: parseYamlOption,
  }
  const options = resolveOptions(sources)
  const occasion: Occasion = {
    command: ['plumb', ...argv].join(' '),
    argument: parsed.positional,
    projectDir,
    profilesDir,
  }
  const flags = buildFlags(options, sources, occasion)
  warnOfOldSpellings(argv, parsed, deprecations)
  if (command.name !== 'init') process.chdir(projectDir)
  const logPath = options.text('log_path')
  router.configure(flags, {
    logDirectory: command.name === 'init' && logPath === null ? null : resolve(projectDir, logPath ?? 'logs'),
    answers: command.answers === true,
    levelGiven: options.get('log_level') !== undefined,
  })
  const emit = router.emit
  emit({
    name: 'MainReportVersion',
    code: 'A001',
    level: 'info',
    msg: `Running with plumb=${PLUMB_VERSION} (dbt=${DBT_VERSION})`,
    data: { version: `=${DBT_VERSION}`, log_version: 3 },
  })
  emit({
    name: 'MainReportArgs',
    code: 'A002',
    level: 'debug',
    msg: `running plumb with arguments ${exactJson(flags.args)}`,
    data: { args: flags.args },
  })
  return makeReady(
    { invocation: ready, command, argument: parsed.positional, router, projectDir, profilesDir, sources, occasion },
    options,
    flags,
  )
}

/** Spellings of the command line that dbt wants to be rid of. */
function warnOfOldSpellings(argv: readonly string[], parsed: ParsedArguments, deprecations: Deprecations): void {
  if (argv.some((word) => /^(?:--models?(?:=.*)?|-m)$/s.test(word))) deprecations.modelsOption()
  const options = parsed.values.get('warn_error_options')
  if (typeof options !== 'string') return
  const given = parseYamlOption(options, '--warn-error-options')
  deprecations.warnErrorNames('include' in given, 'exclude' in given)
}

interface Place {
  readonly invocation: Invocation
  readonly command: Command
  readonly argument: string | undefined
  readonly router: EventRouter
  readonly projectDir: string
  readonly profilesDir: string
  readonly sources: FlagSources
  readonly occasion: Occasion
}

function makeReady(place: Place, options: ResolvedOptions, flags: Flags): Ready {
  const { invocation, command, argument, router, projectDir, profilesDir, sources, occasion } = place
  const cliVars = (options.get('vars') ?? {}) as JsonObject
  let workspace: Promise<Workspace> | undefined
  const open = (): Promise<Workspace> => {
    workspace ??= openProject({
      invocation,
      flags,
      projectDir,
      profilesDir,
      profileName: options.text('profile'),
      targetName: options.text('target'),
      cliVars,
      targetPath: options.text('target_path'),
      threads: flags.singleThreaded ? 1 : options.number('threads'),
      needProfile: command.need !== 'project',
    })
    return workspace
  }
  const emit = router.emit
  return {
    invocation,
    flags,
    options,
    argument,
    projectDir,
    profilesDir,
    cliVars,
    project: async () => (await open()).project,
    workspace: open,
    async again(which, args) {
      // Two commands are called `serve`: this one goes before the other.
      const called = command.which === which ? command : await commandCalled(which)
      const former = called ?? { ...command, name: which, which }
      const again = optionsOf(args)
      return makeReady(
        { ...place, command: former },
        again,
        buildFlags(again, { ...sources, command: former }, occasion),
      )
    },
    emit,
    info: (name, code, msg, data) => emit({ name, code, level: 'info', msg, data }),
    async answer(data) {
      if (!process.stdout.write(data)) await new Promise<void>((room) => process.stdout.once('drain', room))
    },
    print: (text) => emit({ name: 'PrintEvent', code: 'Z052', level: 'info', msg: text, data: { msg: text } }),
  }
}
