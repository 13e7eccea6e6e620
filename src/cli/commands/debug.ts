import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadAdapterPlugin } from '../../adapters/registry.js'
import { PlumbError } from '../../core/diagnostic.js'
import { DBT_VERSION, PLUMB_VERSION } from '../../core/invocation.js'
import type { Command, ExitCode } from '../command.js'
import { EXIT } from '../command.js'
import { PROJECT_OPTIONS } from '../options.js'
import { formatDiagnostic } from '../print/diagnostics.js'
import { createStyle } from '../print/style.js'
import type { Ready } from '../ready.js'

const debug: Command = {
  name: 'debug',
  summary: 'Check the set-up and the connection',
  help: 'Says which files and versions are in use, checks project and profile, and tries the connection.',
  options: [...PROJECT_OPTIONS, 'connection', 'config_dir'],
  need: 'nothing',
  run: check,
}
export default debug

async function check(ready: Ready): Promise<ExitCode> {
  const style = createStyle(ready.flags.useColors)
  const say = (msg: string): void => ready.info('DebugCmdOut', 'Z047', msg, { msg })
  const failures: string[] = []
  const ok = (text: string): string => `[${style.green(text)}]`
  const bad = (text: string): string => `[${style.red(text)}]`
  const explain = (error: unknown): string => {
    if (!(error instanceof PlumbError)) throw error
    return error.diagnostics.map((d) => formatDiagnostic(d, ready.projectDir, style)).join('\n')
  }
  if (ready.options.is('config_dir', false)) {
    say(`To view your profiles.yml file, open the directory ${ready.profilesDir}`)
    return EXIT.ok
  }
  say(`plumb version: ${PLUMB_VERSION} (dbt ${DBT_VERSION})`)
  say(`node version: ${process.version}`)
  say(`node path: ${process.execPath}`)
  say(`os info: ${process.platform}-${process.arch}`)
  const profilesDir = ready.options.text('profiles_dir') ?? ready.profilesDir
  const profilesFile = join(profilesDir, 'profiles.yml')
  const hasProfiles = existsSync(join(ready.profilesDir, 'profiles.yml'))
  say(`Using profiles dir at ${profilesDir}`)
  say(`Using profiles.yml file at ${profilesFile}`)
  say(`Using dbt_project.yml file at ${join(ready.projectDir, 'dbt_project.yml')}`)

  let project: Awaited<ReturnType<Ready['project']>> | undefined
  let projectError: unknown
  try {
    project = await ready.project()
  } catch (error) {
    // A warning that counts as an error ends every command.
    if (ready.flags.warnError && error instanceof PlumbError && error.first.kind === 'compilation') throw error
    projectError = error
    const known = !hasProfiles && error instanceof PlumbError && error.first.code === 'profile-not-found'
    failures.push(known ? noProfilesFile(profilesFile) : explain(error))
  }
  const profileFault = projectError instanceof PlumbError && projectError.diagnostics.some((d) => d.kind === 'profile')
  if (ready.options.is('connection', false)) say('Skipping steps before connection verification')
  else {
    say('Configuration:')
    const profilesState = !hasProfiles ? bad('ERROR not found') : profileFault ? bad('ERROR invalid') : undefined
    say(`  profiles.yml file ${profilesState ?? ok('OK found and valid')}`)
    say(`  dbt_project.yml file ${project || profileFault ? ok('OK found and valid') : bad('ERROR invalid')}`)
    say('Required dependencies:')
    try {
      execFileSync('git', ['--version'], { stdio: 'ignore' })
      say(` - git ${ok('OK found')}\n`)
    } catch {
      // Only `deps` needs git, and only for packages from git: worth a word, not a failure.
      say(` - git ${style.yellow('[not found: packages from git cannot be installed]')}\n`)
    }
  }
  if (project?.profile) await connection(ready, say, ok, bad, failures, explain)
  else say('Connection test skipped since no profile was found')

  if (failures.length > 0) {
    say(style.red(`${failures.length} check${failures.length === 1 ? '' : 's'} failed:`))
    for (const failure of failures) say(`${failure}\n`)
    return EXIT.failures
  }
  say(style.green('All checks passed!'))
  return EXIT.ok
}

/** dbt's words for it, which people search for. */
function noProfilesFile(path: string): string {
  return (
    `dbt looked for a profiles.yml file in ${path}, but did\nnot find one. ` +
    'Give its folder with --profiles-dir, or make one with `plumb init`.'
  )
}

async function connection(
  ready: Ready,
  say: (msg: string) => void,
  ok: (text: string) => string,
  bad: (text: string) => string,
  failures: string[],
  explain: (error: unknown) => string,
): Promise<void> {
  const project = await ready.project()
  const profile = project.profile
  if (profile === null) return
  try {
    const plugin = await loadAdapterPlugin(String(profile.output['type']))
    const credentials = plugin.credentials({ ...profile.output, threads: profile.threads }, ready.projectDir)
    say(`adapter type: ${plugin.type}`)
    say('Connection:')
    const secret = new Set(plugin.fields.filter((f) => f.secret).flatMap((f) => [f.name, ...(f.aliases ?? [])]))
    for (const [key, value] of Object.entries(credentials)) {
      if (!secret.has(key) && key !== 'type' && (value === null || typeof value !== 'object')) say(`  ${key}: ${value}`)
    }
    const adapter = await plugin.open(credentials, {
      projectRoot: ready.projectDir,
      threads: 1,
      signal: ready.invocation.signal,
      env: ready.invocation.env,
    })
    try {
      const session = await adapter.connect('debug')
      await session.execute('select 1 as id')
      await session.release()
    } finally {
      await adapter.close()
    }
    say(`  Connection test: ${ok('OK connection ok')}\n`)
  } catch (error) {
    failures.push(explain(error))
    say(`  Connection test: ${bad('ERROR')}\n`)
  }
}
