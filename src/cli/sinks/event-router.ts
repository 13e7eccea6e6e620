import { diagnostic, PlumbError } from '../../core/diagnostic.js'
import type { EventLevel, EventSink, PlumbEvent } from '../../core/event.js'
import type { Flags, WarnErrorOptions } from '../../core/flags.js'
import { warningTreatment } from '../../core/warning-treatment.js'
import { createStyle } from '../print/style.js'
import { createConsoleSink } from './console-sink.js'
import { type ClosableSink, createFileSink } from './file-sink.js'
import { createScrubber } from './line.js'
import { createLiveSink } from './live-sink.js'

export interface EventRouter {
  readonly emit: EventSink
  /** Sends events to the sinks that these flags ask for; what came before is delivered first. */
  configure(flags: Flags, place: EventPlaces): void
  close(): void
}

export interface EventPlaces {
  readonly logDirectory: string | null
  /** stdout is for the command's answer: events go to stderr, errors only unless a level was asked for. */
  readonly answers: boolean
  readonly levelGiven: boolean
}

/** Where events go. Until the flags are known they are held back. */
export function createEventRouter(options: {
  readonly invocationId: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  readonly now: () => Date
}): EventRouter {
  let held: PlumbEvent[] = []
  let sinks: ClosableSink[] | undefined
  let warnings: { warnError: boolean; options: WarnErrorOptions } = {
    warnError: false,
    options: { error: [], warn: [], silence: [] },
  }
  const scrub = createScrubber(options.env)

  const emit: EventSink = (event) => {
    if (sinks === undefined) {
      held.push(event)
      return
    }
    let delivered = event
    if (event.level === 'warn' && !RESULT_OF_NODE.test(event.name)) {
      const treatment = warningTreatment(event, warnings.options, warnings.warnError)
      if (treatment === 'silence') return
      if (treatment === 'error') {
        throw new PlumbError(
          diagnostic('compilation', kebab(event.name), event.msg, {
            hint: `${event.name} is an error because of --warn-error`,
          }),
        )
      }
      if (!UNTAGGED.has(event.name)) {
        const tag = event.name === 'Note' ? '[WARNING]' : `[WARNING][${event.name}]`
        const { name, code, level, data, thread } = event
        delivered = { name, code, level, data, thread, msg: `${tag}: ${event.msg}` }
      }
    }
    const now = options.now()
    for (const sink of sinks) sink.write(delivered, now)
  }
  return {
    emit,
    configure(flags, { logDirectory, answers, levelGiven }) {
      warnings = { warnError: flags.warnError, options: flags.warnErrorOptions }
      const asked = answers && !levelGiven ? 'error' : flags.logLevel
      const level: EventLevel | 'none' = flags.quiet ? 'error' : flags.debug ? 'debug' : asked
      const style = createStyle(flags.useColors)
      const common = {
        format: flags.logFormat,
        level: flags.logLevel === 'none' ? ('none' as const) : level,
        invocationId: options.invocationId,
        scrub,
        style,
      }
      const live =
        !answers &&
        options.stdout.isTTY === true &&
        flags.logFormat === 'default' &&
        !flags.quiet &&
        !flags.debug &&
        options.env['TERM'] !== 'dumb' &&
        options.env['CI'] === undefined
      sinks = [
        live
          ? createLiveSink({ ...common, out: options.stdout, terminal: options.stdout, now: options.now })
          : createConsoleSink({ ...common, out: answers ? options.stderr : options.stdout }),
      ]
      if (flags.logLevelFile !== 'none' && logDirectory !== null) {
        sinks.push(
          createFileSink({
            directory: logDirectory,
            format: flags.logFormatFile,
            level: flags.debug ? 'debug' : flags.logLevelFile,
            maxBytes: Number(flags.args['log_file_max_bytes'] ?? 10_485_760),
            invocationId: options.invocationId,
            scrub,
          }),
        )
      }
      const early = held
      held = []
      for (const event of early) emit(event)
    },
    close() {
      // The command ended before anybody said how to print: what went wrong must be seen all the same.
      if (sinks === undefined) {
        for (const { level, msg } of held) if (level === 'error') options.stdout.write(`${msg}\n`)
      }
      for (const sink of sinks ?? []) sink.close()
    },
  }
}

/** Warnings whose message dbt leaves as it is. */
const UNTAGGED: ReadonlySet<string> = new Set([
  'AdapterEventWarning',
  'CatalogGenerationError',
  'DepsScrubbedPackageName',
  'DepsUnpinned',
  'FreshnessConfigProblem',
  'InvalidMacroAnnotation',
  'InvalidValueForField',
  'JinjaLogWarning',
  'NoNodesForSelectionCriteria',
  'NoNodesSelected',
  'NothingToDo',
  'SeedExceedsLimitAndPathChanged',
  'SeedExceedsLimitChecksumChanged',
  'SeedExceedsLimitSamePath',
  'SeedIncreased',
  'SemanticValidationFailure',
  'SnapshotTimestampWarning',
  'WarnStateTargetEqual',
])

/** Warnings that are results of nodes are governed by the test's severity, not by --warn-error. */
const RESULT_OF_NODE = /^(Log\w+Result|RunResultWarning|RunResultWarningMessage|EndOfRunSummary|FinishedRunningStats)$/

/** `UnusedResourceConfigPath` -> `unused-resource-config-path` */
export function kebab(eventName: string): string {
  return eventName.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()
}

/** `unused-resource-config-path` -> `UnusedResourceConfigPath` */
export function eventNameOf(code: string): string {
  return code.replace(/(?:^|-)(\w)/g, (_, c: string) => c.toUpperCase())
}
