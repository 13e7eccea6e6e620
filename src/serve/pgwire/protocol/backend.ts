import type { ByteWriter } from './byte-writer.js'
import type { ErrorReport } from './wire-error.js'

const code = (letter: string): number => letter.charCodeAt(0)

/** A column of a result as RowDescription has it. */
export interface Field {
  readonly name: string
  readonly tableOid: number
  readonly column: number
  readonly typeOid: number
  readonly typeSize: number
  readonly typeModifier: number
}

export type Format = 0 | 1

function message(out: ByteWriter, letter: string, body: () => void): void {
  const at = out.begin(code(letter))
  body()
  out.end(at)
}

export const AUTH_OK = 0
export const AUTH_CLEARTEXT = 3
export const AUTH_SASL = 10
export const AUTH_SASL_CONTINUE = 11
export const AUTH_SASL_FINAL = 12

export function writeAuthentication(out: ByteWriter, kind: number, data: Uint8Array = new Uint8Array()): void {
  message(out, 'R', () => {
    out.int32(kind)
    out.bytes(data)
  })
}

export function writeNegotiateVersion(out: ByteWriter, unknownOptions: readonly string[]): void {
  message(out, 'v', () => {
    out.int32(3 << 16)
    out.int32(unknownOptions.length)
    for (const name of unknownOptions) out.cstring(name)
  })
}

export function writeParameterStatus(out: ByteWriter, name: string, value: string): void {
  message(out, 'S', () => {
    out.cstring(name)
    out.cstring(value)
  })
}

export function writeBackendKey(out: ByteWriter, pid: number, secret: Uint8Array): void {
  message(out, 'K', () => {
    out.int32(pid)
    out.bytes(secret)
  })
}

/** `I` idle, `T` in a transaction, `E` in a failed one. */
export type TransactionStatus = 'I' | 'T' | 'E'

export function writeReady(out: ByteWriter, status: TransactionStatus): void {
  message(out, 'Z', () => out.byte(code(status)))
}

export function writeRowDescription(out: ByteWriter, fields: readonly Field[], formats: readonly Format[]): void {
  message(out, 'T', () => {
    out.int16(fields.length)
    for (const [index, field] of fields.entries()) {
      out.cstring(field.name)
      out.int32(field.tableOid)
      out.int16(field.column)
      out.int32(field.typeOid)
      out.int16(field.typeSize)
      out.int32(field.typeModifier)
      out.int16(formats[index] ?? 0)
    }
  })
}

export function writeParameterDescription(out: ByteWriter, types: readonly number[]): void {
  message(out, 't', () => {
    out.int16(types.length)
    for (const oid of types) out.int32(oid)
  })
}

export function writeCommandComplete(out: ByteWriter, tag: string): void {
  message(out, 'C', () => out.cstring(tag))
}

/** Messages without a body: ParseComplete `1`, BindComplete `2`, CloseComplete `3`, NoData `n` and their like. */
export function writeSimple(out: ByteWriter, letter: '1' | '2' | '3' | 'n' | 's' | 'I' | 'c'): void {
  message(out, letter, () => {})
}

export function writeCopyOut(out: ByteWriter, format: Format, columns: number): void {
  message(out, 'H', () => {
    out.byte(format)
    out.int16(columns)
    for (let i = 0; i < columns; i++) out.int16(format)
  })
}

export function writeError(out: ByteWriter, report: ErrorReport): void {
  message(out, 'E', () => fields(out, { ...report, severity: report.severity }))
}

export interface NoticeReport {
  readonly severity: 'NOTICE' | 'WARNING'
  readonly sqlState: string
  readonly message: string
  readonly detail?: string | undefined
  readonly hint?: string | undefined
}

export function writeNotice(out: ByteWriter, report: NoticeReport): void {
  message(out, 'N', () => fields(out, report))
}

function fields(out: ByteWriter, report: Omit<ErrorReport, 'severity'> & { readonly severity: string }): void {
  const field = (letter: string, value: string | number | undefined): void => {
    if (value === undefined || value === '') return
    out.byte(code(letter))
    out.cstring(String(value))
  }
  field('S', report.severity)
  field('V', report.severity)
  field('C', report.sqlState)
  field('M', report.message)
  field('D', report.detail)
  field('H', report.hint)
  field('P', report.position)
  out.byte(0)
}
