import { BodyReader } from './frontend.js'
import { refuse, SQLSTATE } from './wire-error.js'

/** The first message of a connection. */
export type StartupMessage =
  | { readonly kind: 'ssl' }
  | { readonly kind: 'gss' }
  | { readonly kind: 'cancel'; readonly pid: number; readonly secret: Buffer }
  | {
      readonly kind: 'startup'
      /** Newer than what we speak: the client is told so. */
      readonly minor: number
      readonly parameters: ReadonlyMap<string, string>
    }

const SSL_REQUEST = 80877103
const GSS_REQUEST = 80877104
const CANCEL_REQUEST = 80877102

/** PostgreSQL takes no longer ones either. */
export const STARTUP_LIMIT = 10_000

/** @throws WireError `08P01`, `0A000` for other protocols. */
export function readStartupMessage(body: Buffer): StartupMessage {
  const reader = new BodyReader(body)
  const code = reader.int32()
  if (code === SSL_REQUEST) return { kind: 'ssl' }
  if (code === GSS_REQUEST) return { kind: 'gss' }
  if (code === CANCEL_REQUEST) {
    const pid = reader.int32()
    return { kind: 'cancel', pid, secret: reader.bytes(reader.left) }
  }
  const major = code >>> 16
  const minor = code & 0xffff
  if (major !== 3) {
    refuse(SQLSTATE.featureNotSupported, `unsupported frontend protocol ${major}.${minor}: server supports 3.0 to 3.0`)
  }
  const parameters = new Map<string, string>()
  for (let name = reader.cstring(); name !== ''; name = reader.cstring()) parameters.set(name, reader.cstring())
  return { kind: 'startup', minor, parameters }
}
