import { randomUUID } from 'node:crypto'
import { type Diagnostic, PlumbError } from '../core/diagnostic.js'
import { createInvocation, DBT_VERSION, PLUMB_VERSION } from '../core/invocation.js'
import { COMMANDS } from './catalog.js'
import { EXIT, type ExitCode } from './command.js'
import { findCommand, parseArguments } from './parse-argv.js'
import { commandCompleted, resourceReport } from './print/command-end.js'
import { formatDiagnostic } from './print/diagnostics.js'
import { createStyle } from './print/style.js'
import { prepare } from './ready.js'
import { createEventRouter } from './sinks/event-router.js'

/**
 * The command line: argv to exit code. Never throws.
 * @returns 0 when everything succeeded, 1 when nodes failed, 2 when it could not run (dbt's codes)
 */
export async function main(argv: readonly string[]): Promise<number> {
  const controller = new AbortController()
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!controller.signal.aborted) {
      controller.abort()
      return
    }
    // A second signal means now. `process.exit` would wait for the query that runs.
    process.off(signal, onSignal)
    process.kill(process.pid, signal)
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `plumb ls | head`: the reader has gone.
    if (error.code !== 'EPIPE') return
    // Queries are stopped first: the exit waits for them.
    controller.abort()
    setImmediate(() => process.exit(0))
  })
  try {
    return await runCommand(argv, controller.signal)
  } finally {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
}

async function runCommand(argv: readonly string[], signal: AbortSignal): Promise<ExitCode> {
  const id = randomUUID()
  const started = new Date()
  let root = process.cwd()
  let usedColors = process.stderr.isTTY === true && !process.env['NO_COLOR']
  let router: ReturnType<typeof createEventRouter> | undefined
  try {
    if (argv.length === 0 || (argv.length === 1 && (argv[0] === '--help' || argv[0] === '-h'))) {
      process.stdout.write(overview())
      return EXIT.ok
    }
    if (argv.includes('--version') && findCommandQuietly(argv) === undefined) {
      process.stdout.write(`plumb ${PLUMB_VERSION}\n`)
      return EXIT.ok
    }
    const found = findCommand(argv)
    if (found === undefined) {
      process.stdout.write(overview())
      return EXIT.usage
    }
    const command = (await found.entry.load()).default
    const parsed = parseArguments(command, found.rest)
    if (parsed.helpText !== undefined) {
      process.stdout.write(parsed.helpText)
      return EXIT.ok
    }
    const env = { ...process.env }
    router = createEventRouter({
      invocationId: id,
      env,
      stdout: process.stdout,
      stderr: process.stderr,
      now: () => new Date(),
    })
    const invocation = createInvocation({ id, startedAt: started, env, emit: router.emit, signal })
    const ready = await prepare({ invocation, command, parsed, router, argv })
    root = ready.projectDir
    usedColors = ready.flags.useColors
    const code = await command.run(ready)
    const ended = new Date()
    router.emit(
      resourceReport(command.name, code === EXIT.ok, started, ended, ready.options.is('show_resource_report', false)),
    )
    router.emit(commandCompleted(command.name, code === EXIT.ok, started, ended))
    return code
  } catch (error) {
    return report(error, root, usedColors, router)
  } finally {
    router?.close()
  }
}

function findCommandQuietly(argv: readonly string[]): unknown {
  try {
    return findCommand(argv)
  } catch {
    return undefined
  }
}

/** Says what went wrong; the user's mistakes without a stack trace, ours with one. */
function report(
  error: unknown,
  root: string,
  colors: boolean,
  router: ReturnType<typeof createEventRouter> | undefined,
): ExitCode {
  const known = error instanceof PlumbError
  const diagnostics: readonly Diagnostic[] = known
    ? error.diagnostics
    : [
        {
          code: 'internal',
          kind: 'internal',
          severity: 'error',
          message: error instanceof Error ? (error.stack ?? error.message) : String(error),
          hint: 'This is a fault in Plumbline: please report it with the project that shows it.',
        },
      ]
  if (diagnostics.every((d) => d.kind === 'usage')) {
    for (const d of diagnostics) process.stderr.write(`Error: ${d.message}\n${d.hint ? `hint: ${d.hint}\n` : ''}`)
    return EXIT.usage
  }
  const style = createStyle(colors)
  const text = diagnostics.map((d) => formatDiagnostic(d, root, style)).join('\n\n')
  const msg = `Encountered an error:\n${text}`
  if (router === undefined) process.stdout.write(`${msg}\n`)
  else
    router.emit({
      name: 'MainEncounteredError',
      code: 'Z002',
      level: 'error',
      msg,
      data: { exc: diagnostics.map((d) => formatDiagnostic(d, root, createStyle(false))).join('\n\n') },
    })
  return EXIT.usage
}

function overview(): string {
  const width = Math.max(...COMMANDS.map((c) => c.name.length))
  return `plumb ${PLUMB_VERSION} - builds templated SQL models and serves the metrics defined on them (speaks dbt ${DBT_VERSION})

Usage: plumb <command> [options]

Commands:
${COMMANDS.map((c) => `  ${c.name.padEnd(width)}  ${c.summary}`).join('\n')}

plumb <command> --help   all options of a command
plumb --version          the version
`
}
