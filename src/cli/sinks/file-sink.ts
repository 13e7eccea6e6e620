import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { EventLevel, PlumbEvent } from '../../core/event.js'
import { debugLine, jsonLine, passes, plainLine } from './line.js'

export interface FileSinkOptions {
  readonly directory: string
  readonly format: 'default' | 'text' | 'debug' | 'json'
  readonly level: EventLevel | 'none'
  readonly maxBytes: number
  readonly invocationId: string
  readonly scrub: (text: string) => string
}

export interface ClosableSink {
  write(event: PlumbEvent, now: Date): void
  close(): void
}

/** Milliseconds after which a line is in the file: whoever watches a server reads along. */
const SOON = 1000

/** Size at which buffered lines go to the file: one system call for some hundred lines. */
const BUFFER = 32_768

/** `dbt.log` in the log directory: opened at the first line, rotated over `maxBytes` (five old files are kept). */
export function createFileSink(options: FileSinkOptions): ClosableSink {
  let handle: number | undefined
  let buffer = ''
  let broken = false
  let soon: NodeJS.Timeout | undefined
  const flush = (): void => {
    clearTimeout(soon)
    soon = undefined
    if (buffer === '' || broken) return
    try {
      handle ??= open(options)
      writeSync(handle, buffer)
    } catch {
      // A log that cannot be written must not stop a build.
      broken = true
    }
    buffer = ''
  }
  return {
    write(event, now) {
      if (broken || !passes(event, options.level)) return
      const line =
        options.format === 'json'
          ? jsonLine(event, now, options.invocationId)
          : options.format === 'text'
            ? plainLine(event, now)
            : debugLine(event, now)
      if (event.name === 'MainReportVersion' && options.format !== 'json') {
        const bar = '='.repeat(30)
        buffer += `\n\n${bar} ${now.toISOString().slice(11, 23)} | ${options.invocationId} ${bar}\n`
      }
      buffer += `${options.scrub(line)}\n`
      if (buffer.length > BUFFER) flush()
      else soon ??= setTimeout(flush, SOON).unref()
    },
    close() {
      flush()
      if (handle !== undefined) closeSync(handle)
      handle = undefined
    },
  }
}

function open(options: FileSinkOptions): number {
  mkdirSync(options.directory, { recursive: true })
  const path = join(options.directory, 'dbt.log')
  if (options.maxBytes > 0 && existsSync(path) && statSync(path).size > options.maxBytes) {
    for (let n = 4; n >= 1; n--) if (existsSync(`${path}.${n}`)) renameSync(`${path}.${n}`, `${path}.${n + 1}`)
    renameSync(path, `${path}.1`)
  }
  return openSync(path, 'a')
}
