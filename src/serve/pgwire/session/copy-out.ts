import { type Format, writeCommandComplete, writeCopyOut, writeSimple } from '../protocol/backend.js'
import { ByteWriter } from '../protocol/byte-writer.js'
import type { CopyOptions, Outlet, Portal } from './portal.js'

const COPY_DATA = 'd'.charCodeAt(0)
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')

/** Sends the rows of a portal as COPY ... TO STDOUT does. */
export async function copyOut(portal: Portal, options: CopyOptions, outlet: Outlet): Promise<void> {
  const { out } = outlet
  const { fields } = await portal.source()
  const binary = options.format === 'binary'
  writeCopyOut(out, binary ? 1 : 0, fields.length)
  const line = new ByteWriter()
  const send = (): void => {
    const at = out.begin(COPY_DATA)
    out.bytes(line.buffer.subarray(0, line.length))
    out.end(at)
    line.length = 0
  }
  if (binary) {
    // It goes out with what comes next, as PostgreSQL does it: clients read it as the beginning of the first row.
    line.bytes(SIGNATURE)
    line.int32(0)
    line.int32(0)
  } else if (options.header) {
    line.text(fields.map(({ name }) => textOf(name, options, false)).join(options.delimiter) + '\n')
    send()
  }
  const quoted = fields.map(({ name }) => options.forceQuote === 'all' || options.forceQuote.has(name))
  const scratch = new ByteWriter()
  const formats = fields.map((): Format => (binary ? 1 : 0))
  const rows = await portal.pull(0, formats, outlet, (writeRow, row) => {
    if (binary) {
      writeRow(line, row)
    } else {
      scratch.length = 0
      writeRow(scratch, row)
      writeTextRow(line, scratch, options, quoted)
    }
    send()
  })
  if (binary) {
    line.int16(-1)
    send()
  }
  writeSimple(out, 'c')
  writeCommandComplete(out, `COPY ${rows}`)
}

/** A row in COPY's text form, from the fields of a DataRow. */
function writeTextRow(line: ByteWriter, row: ByteWriter, options: CopyOptions, quoted: readonly boolean[]): void {
  const { buffer } = row
  const count = buffer.readInt16BE(0)
  let at = 2
  for (let index = 0; index < count; index++) {
    if (index > 0) line.text(options.delimiter)
    const length = buffer.readInt32BE(at)
    at += 4
    if (length < 0) {
      line.text(options.nullText)
      continue
    }
    const text = buffer.toString('utf8', at, at + length)
    at += length
    line.text(textOf(text, options, quoted[index] ?? false))
  }
  line.byte(10)
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

function textOf(text: string, options: CopyOptions, force: boolean): string {
  if (options.format === 'text') {
    const escaped = text.replace(/[\\\b\f\n\r\t\v]/g, (sign) => ESCAPES[sign] ?? sign)
    return options.delimiter === '\t' ? escaped : escaped.replaceAll(options.delimiter, `\\${options.delimiter}`)
  }
  const { quote, escape: mark, delimiter, nullText } = options
  const needed =
    force ||
    text === nullText ||
    text === '\\.' ||
    text.includes(delimiter) ||
    text.includes(quote) ||
    text.includes('\n') ||
    text.includes('\r')
  if (!needed) return text
  const escaped =
    mark === quote
      ? text.replaceAll(quote, quote + quote)
      : text.replaceAll(mark, mark + mark).replaceAll(quote, mark + quote)
  return quote + escaped + quote
}
