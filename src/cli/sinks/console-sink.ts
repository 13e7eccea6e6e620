import type { EventLevel } from '../../core/event.js'
import type { Style } from '../print/style.js'
import type { ClosableSink } from './file-sink.js'
import { debugLine, jsonLine, passes, plainLine } from './line.js'

export interface ConsoleSinkOptions {
  readonly format: 'default' | 'text' | 'debug' | 'json'
  readonly level: EventLevel | 'none'
  readonly invocationId: string
  readonly scrub: (text: string) => string
  readonly style: Style
  readonly out: { write(text: string): unknown }
}

/** Plain, stable lines: what pipes, logs and CI get. */
export function createConsoleSink(options: ConsoleSinkOptions): ClosableSink {
  return {
    write(event, now) {
      if (!passes(event, options.level)) return
      const line =
        options.format === 'json'
          ? jsonLine(event, now, options.invocationId)
          : options.format === 'debug'
            ? debugLine(event, now)
            : plainLine(event, now, colourStatus(event.msg, options.style))
      options.out.write(`${options.scrub(line)}\n`)
    },
    close() {},
  }
}

/** Colours the status in brackets at the end of a result line, as dbt does: `[OK in 0.1s]`, `[ERROR in 0.1s]`. */
export function colourStatus(message: string, style: Style): string {
  return message.replace(/\[((?:[A-Z][A-Z -]*)[^\]]*)\]$/, (_, status: string) => {
    const paint = /^(OK|PASS|SUCCESS|CREATE|INSERT|SELECT|MERGE)/.test(status)
      ? style.green
      : /^(ERROR|FAIL|RUNTIME)/.test(status)
        ? style.red
        : /^(WARN|SKIP|NO-OP|PARTIAL)/.test(status)
          ? style.yellow
          : (t: string) => t
    return `[${paint(status)}]`
  })
}
