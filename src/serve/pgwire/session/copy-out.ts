import { type Format, writeCommandComplete, writeCopyOut, writeSimple } from '../protocol/backend.js'
import { ByteWriter, FLUSH_AT } from '../protocol/byte-writer.js'
import type { CopyOptions, Outlet, Portal } from './portal.js'
import type { RowWriter } from './row-source.js'

const COPY_DATA = 'd'.charCodeAt(0)
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')

/** Sends the rows of a portal as COPY ... TO STDOUT does. */
export async function copyOut(portal: Portal, options: CopyOptions, outlet: Outlet): Promise<void> {
  const { out } = outlet
  const { fields } = await portal.source()
  const binary = options.format === 'binary'
  writeCopyOut(out, binary ? 1 : 0, fields.length)
  // It goes out with what comes next, as PostgreSQL does it: clients read it as the beginning of the first row.
  let head = binary ? binaryHead() : null
  const quoted = fields.map(({ name }) => options.forceQuote === 'all' || options.forceQuote.has(name))
  const line = new LineWriter(options, quoted)
  if (!binary && options.header) {
    const at = out.begin(COPY_DATA)
    line.header(
      out,
      fields.map(({ name }) => name),
    )
    out.end(at)
  }
  const scratch = new ByteWriter()
  const formats = fields.map((): Format => (binary ? 1 : 0))
  const write = (writer: RowWriter, row: number): void => {
    const at = out.begin(COPY_DATA)
    if (binary) {
      if (head !== null) out.bytes(head)
      head = null
      const from = out.reserve(writer.room(row))
      out.length = writer.put(out.view, from, row)
    } else {
      scratch.length = 0
      scratch.reserve(writer.room(row))
      writer.put(scratch.view, 0, row)
      line.row(out, scratch.buffer)
    }
    out.end(at)
  }
  const rows = await portal.pull(0, formats, outlet, (writer, from, to) => {
    let row = from
    while (row < to && out.length <= FLUSH_AT) write(writer, row++)
    return row
  })
  if (binary) {
    const at = out.begin(COPY_DATA)
    if (head !== null) out.bytes(head)
    out.int16(-1)
    out.end(at)
  }
  writeSimple(out, 'c')
  writeCommandComplete(out, `COPY ${rows}`)
}

function binaryHead(): Buffer {
  return Buffer.concat([SIGNATURE, Buffer.alloc(8)])
}

const LINE_END = 10

/** Writes rows in COPY's text forms, from the bytes of their fields. */
class LineWriter {
  readonly #options: CopyOptions
  readonly #quoted: readonly boolean[]
  readonly #delimiter: Buffer
  readonly #null: Buffer
  /** The letters that cannot stand as they are. */
  readonly #special = new Uint8Array(256)

  constructor(options: CopyOptions, quoted: readonly boolean[]) {
    this.#options = options
    this.#quoted = quoted
    this.#delimiter = Buffer.from(options.delimiter)
    this.#null = Buffer.from(options.nullText)
    const letters = options.format === 'text' ? '\\\b\f\n\r\t\v' : `${options.quote}\n\r`
    for (const letter of letters + options.delimiter) this.#special[letter.charCodeAt(0) & 255] = 1
  }

  header(out: ByteWriter, names: readonly string[]): void {
    out.text(names.map((name) => textOf(name, this.#options, false)).join(this.#options.delimiter))
    out.byte(LINE_END)
  }

  /** A row from the fields of a DataRow. */
  row(out: ByteWriter, fields: Buffer): void {
    const count = fields.readInt16BE(0)
    let at = 2
    for (let index = 0; index < count; index++) {
      if (index > 0) out.bytes(this.#delimiter)
      const length = fields.readInt32BE(at)
      at += 4
      if (length < 0) {
        out.bytes(this.#null)
        continue
      }
      this.#field(out, fields.subarray(at, at + length), this.#quoted[index] ?? false)
      at += length
    }
    out.byte(LINE_END)
  }

  #field(out: ByteWriter, bytes: Buffer, force: boolean): void {
    const { length } = bytes
    const place = out.reserve(length)
    const { buffer } = out
    let special = force || this.#meansSomething(bytes) ? 1 : 0
    for (let i = 0; i < length; i++) {
      const byte = bytes[i]!
      buffer[place + i] = byte
      special |= this.#special[byte]!
    }
    if (special === 0) out.length = place + length
    else out.text(textOf(bytes.toString('utf8'), this.#options, force))
  }

  /** In CSV, what stands for no value or for the end must be quoted. */
  #meansSomething(bytes: Buffer): boolean {
    if (this.#options.format === 'text') return false
    return bytes.equals(this.#null) || (bytes.length === 2 && bytes[0] === 92 && bytes[1] === 46)
  }
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
