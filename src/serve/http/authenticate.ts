import type { IncomingMessage } from 'node:http'
import { type Caller, type Identity, isLoopback } from '../../query/index.js'
import { RequestFault } from './problem.js'

/** Who sends a request: `Authorization: Bearer <token>`, `Basic`, or nobody, from this machine. */
export async function authenticate(request: IncomingMessage, identity: Identity): Promise<Caller> {
  const header = request.headers.authorization
  if (header === undefined) {
    const address = request.socket.remoteAddress
    // A proxy on this machine brings others' requests: they are not from here.
    const forwarded = request.headers['x-forwarded-for'] !== undefined || request.headers['forwarded'] !== undefined
    const caller = forwarded ? null : identity.anonymous(address)
    if (caller !== null) return caller
    throw new RequestFault(
      401,
      'not-authenticated',
      'This server answers only those it knows',
      'send Authorization: Bearer <token>',
    )
  }
  const caller = await byHeader(header, identity)
  if (caller === null) throw new RequestFault(401, 'not-authenticated', 'These credentials are not known here')
  return caller
}

async function byHeader(header: string, identity: Identity): Promise<Caller | null> {
  const [, scheme = '', credentials = ''] = /^(\w+)\s+(\S+)\s*$/.exec(header) ?? []
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return identity.bearer(credentials)
    case 'basic': {
      const text = Buffer.from(credentials, 'base64').toString('utf8')
      const colon = text.indexOf(':')
      if (colon < 1) return null
      const [name, secret] = [text.slice(0, colon), text.slice(colon + 1)]
      // A token in place of the password, as tools that know no Bearer send it.
      const holder = await identity.bearer(secret)
      return holder?.name === name ? holder : identity.password(name, secret)
    }
    default:
      return null
  }
}

/**
 * A page of another site must not reach a server on this machine through the browser: by a name that was made to point
 * here (the Host gives it away), or by sending what a form can send (the Origin does).
 */
export function refuseForeignPages(request: IncomingMessage, identity: Identity): void {
  const { host, origin } = request.headers
  if (identity.open && !isLoopback(hostName(host))) {
    throw new RequestFault(
      403,
      'foreign-host',
      `Without users this server answers only as localhost, not as '${host ?? ''}'`,
    )
  }
  if (origin !== undefined && !['GET', 'HEAD'].includes(request.method ?? '') && hostOf(origin) !== host) {
    throw new RequestFault(403, 'foreign-origin', 'Requests from pages of other sites are not answered')
  }
}

function hostName(host: string | undefined): string | undefined {
  return host?.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host
  } catch {
    return undefined
  }
}
