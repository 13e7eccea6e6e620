import { plainText } from './cell-text.js'
import type { AnswerFormat } from './format.js'

/** RFC 4180: a header, CRLF, quotes only where needed. No value is nothing; an empty text is `""`. */
export const csv: AnswerFormat = {
  name: 'csv',
  mediaType: 'text/csv; charset=utf-8; header=present',
  extension: 'csv',
  async *encode({ columns: named, batches }) {
    yield `${named.map(({ name }) => quoted(name)).join(',')}\r\n`
    for await (const { rowCount, columns } of batches) {
      let text = ''
      for (let row = 0; row < rowCount; row++) {
        for (let at = 0; at < columns.length; at++) text += (at === 0 ? '' : ',') + quoted(plainText(columns[at]!, row))
        text += '\r\n'
      }
      yield text
    }
  },
}

function quoted(text: string | null): string {
  if (text === null) return ''
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
