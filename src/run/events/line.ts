import type { PlumbEvent } from '../../core/event.js'

export interface LineParts {
  readonly text: string
  readonly status: string
  readonly index?: number | undefined
  readonly total?: number | undefined
  /** Seconds. */
  readonly seconds?: number | undefined
  /** Cut lines that are longer than the width. */
  readonly truncate?: boolean
}

/** `3 of 28 OK created sql table model main.orders ....... [OK in 0.11s]`: the line dbt prints, dots up to `width`. */
export function progressLine(parts: LineParts, width: number): string {
  const progress = parts.index === undefined || parts.total === undefined ? '' : `${parts.index} of ${parts.total} `
  let justified = `${progress}${parts.text} `.padEnd(width, '.')
  if (parts.truncate === true && justified.length > width - 3) justified = `${justified.slice(0, width - 3)}...`
  const time = parts.seconds === undefined ? '' : ` in ${parts.seconds.toFixed(2)}s`
  return `${justified} [${parts.status}${time}]`
}

/** `1 error`, `2 errors`. */
export function pluralize(count: number, word: string, plural = `${word}s`): string {
  return `${count} ${count === 1 ? word : plural}`
}

/** The empty line dbt prints between parts of its output. */
export const blankLine: PlumbEvent = { name: 'Formatting', code: 'Z017', level: 'info', msg: '', data: { msg: '' } }
