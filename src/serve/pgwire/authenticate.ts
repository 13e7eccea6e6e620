import type { Caller, Identity } from '../../query/index.js'
import { AUTH_SASL, AUTH_SASL_CONTINUE, AUTH_SASL_FINAL, writeAuthentication } from './protocol/backend.js'
import type { ByteWriter } from './protocol/byte-writer.js'
import { BodyReader, decodeText } from './protocol/frontend.js'
import { ScramExchange } from './protocol/scram.js'
import { refuse, SQLSTATE } from './protocol/wire-error.js'

/** How the door talks to a client that wants in. */
export interface LoginChannel {
  readonly out: ByteWriter
  flush(): Promise<void>
  /** The body of the client's next message. */
  password(): Promise<Buffer>
}

/**
 * Who the client is. Without users whoever comes over the loopback is let in; with them everybody proves a password
 * with SCRAM-SHA-256.
 * @throws WireError `28000`, `28P01`
 */
export async function authenticate(
  user: string,
  identity: Identity,
  remoteAddress: string | undefined,
  channel: LoginChannel,
): Promise<Caller> {
  if (identity.open) {
    const caller = identity.anonymous(remoteAddress)
    if (caller !== null) return caller
    return refuse(SQLSTATE.invalidAuthorization, 'no users are defined: only clients of this machine are let in', {
      hint: 'define users to let others in',
    })
  }
  const exchange = new ScramExchange(identity.scram(user))
  await send(channel, AUTH_SASL, Buffer.from('SCRAM-SHA-256\0\0'))
  const first = new BodyReader(await channel.password())
  const mechanism = first.cstring()
  if (mechanism !== 'SCRAM-SHA-256')
    refuse(SQLSTATE.protocolViolation, 'client selected an invalid SASL authentication mechanism')
  const response = first.value()
  if (response === null) return refuse(SQLSTATE.protocolViolation, 'malformed SCRAM message')
  await send(channel, AUTH_SASL_CONTINUE, Buffer.from(exchange.first(decodeText(response))))
  const proof = exchange.final(decodeText(await channel.password()))
  const caller = proof === null ? null : identity.user(user)
  if (proof === null || caller === null)
    return refuse(SQLSTATE.invalidPassword, `password authentication failed for user "${user}"`)
  writeAuthentication(channel.out, AUTH_SASL_FINAL, Buffer.from(proof))
  return caller
}

async function send(channel: LoginChannel, kind: number, data: Buffer): Promise<void> {
  writeAuthentication(channel.out, kind, data)
  await channel.flush()
}
