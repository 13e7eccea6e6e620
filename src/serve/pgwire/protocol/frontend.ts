import type { Frame } from './frame-reader.js'
import { refuse, SQLSTATE } from './wire-error.js'

/** What clients say once the session is up. */
export type FrontendMessage =
  | { readonly kind: 'query'; readonly text: string }
  | { readonly kind: 'parse'; readonly name: string; readonly text: string; readonly parameterTypes: readonly number[] }
  | {
      readonly kind: 'bind'
      readonly portal: string
      readonly statement: string
      readonly parameterFormats: readonly number[]
      readonly values: readonly (Buffer | null)[]
      readonly resultFormats: readonly number[]
    }
  | { readonly kind: 'describe'; readonly target: 'statement' | 'portal'; readonly name: string }
  | { readonly kind: 'execute'; readonly portal: string; readonly maxRows: number }
  | { readonly kind: 'close'; readonly target: 'statement' | 'portal'; readonly name: string }
  | { readonly kind: 'flush' }
  | { readonly kind: 'sync' }
  | { readonly kind: 'terminate' }
  | { readonly kind: 'copyData' }
  | { readonly kind: 'copyDone' }
  | { readonly kind: 'copyFail' }
  | { readonly kind: 'functionCall' }

/** @throws WireError `08P01` when the bytes are not what the type says. */
export function readFrontendMessage({ type, body }: Frame): FrontendMessage {
  const cursor = new BodyReader(body)
  const message = read(String.fromCharCode(type), cursor)
  if (message.kind !== 'copyData' && message.kind !== 'copyFail' && message.kind !== 'functionCall') cursor.end()
  return message
}

function read(type: string, body: BodyReader): FrontendMessage {
  switch (type) {
    case 'Q':
      return { kind: 'query', text: body.cstring() }
    case 'P':
      return {
        kind: 'parse',
        name: body.cstring(),
        text: body.cstring(),
        parameterTypes: body.list(() => body.int32() >>> 0),
      }
    case 'B':
      return {
        kind: 'bind',
        portal: body.cstring(),
        statement: body.cstring(),
        parameterFormats: body.list(() => body.int16()),
        values: body.list(() => body.value()),
        resultFormats: body.list(() => body.int16()),
      }
    case 'D':
      return { kind: 'describe', ...body.target() }
    case 'E':
      return { kind: 'execute', portal: body.cstring(), maxRows: body.int32() }
    case 'C':
      return { kind: 'close', ...body.target() }
    case 'H':
      return { kind: 'flush' }
    case 'S':
      return { kind: 'sync' }
    case 'X':
      return { kind: 'terminate' }
    case 'd':
      return { kind: 'copyData' }
    case 'c':
      return { kind: 'copyDone' }
    case 'f':
      return { kind: 'copyFail' }
    case 'F':
      return { kind: 'functionCall' }
    default:
      return refuse(SQLSTATE.protocolViolation, `invalid frontend message type ${type.charCodeAt(0)}`)
  }
}

/** Reads the fields of a message; every step checks that the bytes are there. */
export class BodyReader {
  readonly #body: Buffer
  #at = 0

  constructor(body: Buffer) {
    this.#body = body
  }

  get left(): number {
    return this.#body.length - this.#at
  }

  #need(count: number): number {
    if (count < 0 || this.left < count) refuse(SQLSTATE.protocolViolation, 'insufficient data left in message')
    const at = this.#at
    this.#at += count
    return at
  }

  int16(): number {
    return this.#body.readInt16BE(this.#need(2))
  }

  int32(): number {
    return this.#body.readInt32BE(this.#need(4))
  }

  bytes(count: number): Buffer {
    const at = this.#need(count)
    return this.#body.subarray(at, at + count)
  }

  cstring(): string {
    const end = this.#body.indexOf(0, this.#at)
    if (end < 0) refuse(SQLSTATE.protocolViolation, 'invalid string in message')
    const bytes = this.bytes(end - this.#at)
    this.#at++
    return decodeText(bytes)
  }

  value(): Buffer | null {
    const length = this.int32()
    return length === -1 ? null : this.bytes(length)
  }

  list<T>(one: () => T): T[] {
    const count = this.int16() & 0xffff
    // Every entry has two bytes at least: a count that lies does not make us reserve anything.
    if (count * 2 > this.left) refuse(SQLSTATE.protocolViolation, 'insufficient data left in message')
    const all: T[] = []
    for (let i = 0; i < count; i++) all.push(one())
    return all
  }

  target(): { target: 'statement' | 'portal'; name: string } {
    const letter = String.fromCharCode(this.bytes(1)[0]!)
    if (letter !== 'S' && letter !== 'P') refuse(SQLSTATE.protocolViolation, `invalid subtype ${letter} in message`)
    return { target: letter === 'S' ? 'statement' : 'portal', name: this.cstring() }
  }

  end(): void {
    if (this.left > 0) refuse(SQLSTATE.protocolViolation, 'invalid message format')
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** @throws WireError `22021` when the bytes are not UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes)
  } catch {
    return refuse(SQLSTATE.characterNotInRepertoire, 'invalid byte sequence for encoding "UTF8"')
  }
}
