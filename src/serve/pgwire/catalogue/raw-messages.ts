import type { Field } from '../protocol/backend.js'
import { ByteWriter } from '../protocol/byte-writer.js'
import { BodyReader } from '../protocol/frontend.js'
import { WireError } from '../protocol/wire-error.js'
import type { CatalogueReply, CatalogueRequest } from './catalogue.js'

const code = (letter: string): number => letter.charCodeAt(0)

/** A simple query. */
export function queryMessage(text: string): Uint8Array {
  const out = new ByteWriter(text.length + 16)
  const at = out.begin(code('Q'))
  out.cstring(text)
  out.end(at)
  return out.take()
}

/** The messages of the extended protocol that ask one statement. */
export function requestMessages(request: CatalogueRequest): Uint8Array {
  const out = new ByteWriter(request.text.length + 256)
  const message = (letter: string, body: () => void): void => {
    const at = out.begin(code(letter))
    body()
    out.end(at)
  }
  message('P', () => {
    out.cstring('')
    out.cstring(request.text)
    out.int16(request.parameterTypes.length)
    for (const oid of request.parameterTypes) out.int32(oid)
  })
  if (request.describeOnly) {
    message('D', () => {
      out.byte(code('S'))
      out.cstring('')
    })
  } else {
    message('B', () => {
      out.cstring('')
      out.cstring('')
      out.int16(request.parameterFormats.length)
      for (const format of request.parameterFormats) out.int16(format)
      out.int16(request.values.length)
      for (const value of request.values) {
        out.int32(value === null ? -1 : value.length)
        if (value !== null) out.bytes(value)
      }
      out.int16(request.resultFormats.length)
      for (const format of request.resultFormats) out.int16(format)
    })
    message('D', () => {
      out.byte(code('P'))
      out.cstring('')
    })
    message('E', () => {
      out.cstring('')
      out.int32(0)
    })
  }
  message('S', () => {})
  return out.take()
}

/** Reads what the database said. @throws WireError when that was an error. */
export function readReply(bytes: Uint8Array): CatalogueReply {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let fields: readonly Field[] = []
  let parameterTypes: readonly number[] = []
  let tag = ''
  const rows: Buffer[] = []
  let at = 0
  while (at + 5 <= data.length) {
    const type = String.fromCharCode(data[at]!)
    const end = at + 1 + data.readInt32BE(at + 1)
    const body = data.subarray(at + 5, end)
    at = end
    if (type === 'D') rows.push(body)
    else if (type === 'T') fields = readFields(body)
    else if (type === 't')
      parameterTypes = new BodyReader(body).list(() => 0).map((_, index) => body.readUInt32BE(2 + index * 4))
    else if (type === 'C') tag = body.toString('utf8', 0, body.length - 1)
    else if (type === 'E') throw readError(body)
  }
  return { fields, parameterTypes, rows, tag }
}

function readFields(body: Buffer): Field[] {
  const reader = new BodyReader(body)
  const count = reader.int16()
  return Array.from({ length: count }, () => {
    const name = reader.cstring()
    const [tableOid, column, typeOid, typeSize, typeModifier] = [
      reader.int32(),
      reader.int16(),
      reader.int32(),
      reader.int16(),
      reader.int32(),
    ] as const
    reader.int16()
    return { name, tableOid, column, typeOid, typeSize, typeModifier }
  })
}

function readError(body: Buffer): WireError {
  const reader = new BodyReader(body)
  const parts = new Map<string, string>()
  while (reader.left > 1) parts.set(String.fromCharCode(reader.bytes(1)[0]!), reader.cstring())
  const position = parts.get('P')
  return new WireError(parts.get('C') ?? 'XX000', parts.get('M') ?? 'the catalogue failed', {
    detail: parts.get('D'),
    hint: parts.get('H'),
    position: position === undefined ? undefined : Number(position),
  })
}
