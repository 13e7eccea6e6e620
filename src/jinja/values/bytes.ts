import { pyError } from './errors.js'
import { asInt } from './numbers.js'
import * as py from './py.js'
import { toStr } from './text.js'
import type { HostObject, Value } from './value.js'

const ENCODINGS: Readonly<Record<string, BufferEncoding>> = {
  utf8: 'utf8',
  ascii: 'latin1',
  latin1: 'latin1',
  utf16le: 'utf16le',
}

function encodingOf(name: Value): BufferEncoding {
  const found = ENCODINGS[toStr(name).toLowerCase().replace(/[-_]/g, '')]
  if (!found) throw pyError('ValueError', `unknown encoding: ${toStr(name)}`)
  return found
}

/** Python's bytes: what `'text'.encode()` gives. */
export class PyBytes implements HostObject {
  readonly [py.typeName] = 'bytes'

  constructor(readonly data: Uint8Array) {}

  static encode(text: string, encoding: Value): PyBytes {
    return new PyBytes(Buffer.from(text, encodingOf(encoding)))
  }

  [py.getattr](name: string): Value {
    if (name === 'decode') return (args, kwargs) => this.#decode(args[0] ?? kwargs['encoding'] ?? 'utf-8')
    if (name === 'hex') return () => Buffer.from(this.data).toString('hex')
    return undefined
  }

  [py.getitem](key: Value): Value {
    const index = asInt(key)
    return index === undefined ? undefined : this.data.at(Number(index))
  }

  [py.len](): number {
    return this.data.length
  }

  [py.iter](): Iterable<Value> {
    return this.data
  }

  [py.eq](other: Value): boolean {
    return other instanceof PyBytes && Buffer.compare(this.data, other.data) === 0
  }

  [py.hash](): string {
    return 'bytes' + Buffer.from(this.data).toString('latin1')
  }

  [py.str](): string {
    let body = ''
    for (const byte of this.data) body += shownByte(byte)
    return `b'${body}'`
  }

  #decode(encoding: Value): string {
    return Buffer.from(this.data).toString(encodingOf(encoding))
  }
}

function shownByte(byte: number): string {
  if (byte === 10) return '\\n'
  if (byte === 13) return '\\r'
  if (byte === 9) return '\\t'
  if (byte === 92 || byte === 39) return '\\' + String.fromCharCode(byte)
  if (byte >= 32 && byte < 127) return String.fromCharCode(byte)
  return `\\x${byte.toString(16).padStart(2, '0')}`
}
