import type { QueryResult } from '../../adapters/adapter.js'
import { cellText } from './text.js'

/** The answer as CSV (RFC 4180, lines end with a line feed). No value is nothing, an empty text is `""`. */
export function csvOf({ columns, data, rowCount }: QueryResult): string {
  const lines = [columns.map(({ name }) => quoted(name)).join(',')]
  for (let row = 0; row < rowCount; row++) {
    lines.push(
      data
        .map((column) => {
          const cell = column[row]!
          return cell === null ? '' : cell === '' ? '""' : quoted(cellText(cell))
        })
        .join(','),
    )
  }
  return `${lines.join('\n')}\n`
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
