import type { Caller, Identity, QueryService, ScramVerifier } from '../../../src/query/index.js'
import { isLoopback, makeVerifier, OWNER } from '../../../src/query/index.js'
import type { OpenDoor } from '../../../src/serve/door.js'
import { createPgWireDoor, type PgWireOptions } from '../../../src/serve/pgwire/index.js'

/** Nobody has a password: this machine's own clients are the owner. */
export const OPEN: Identity = {
  open: true,
  anonymous: (address) => (isLoopback(address) ? OWNER : null),
  scram: () => {
    throw new Error('nobody is asked for a password')
  },
  user: () => null,
  password: async () => null,
  bearer: async () => null,
}

/** One user for each name given, whose password is the name's value. */
export async function withUsers(users: Readonly<Record<string, string>>): Promise<Identity> {
  const verifiers = new Map<string, ScramVerifier>()
  for (const [name, password] of Object.entries(users)) verifiers.set(name, await makeVerifier(password))
  const nobody = await makeVerifier('nobody knows')
  const caller = (name: string): Caller => ({ name, groups: [], attributes: {}, owner: true })
  return {
    open: false,
    anonymous: () => null,
    scram: (name) => verifiers.get(name) ?? nobody,
    user: (name) => (verifiers.has(name) ? caller(name) : null),
    password: async (name, password) => (users[name] === password ? caller(name) : null),
    bearer: async () => null,
  }
}

/** Opens the door on a free port of this machine. */
export function openDoor(
  service: QueryService,
  identity: Identity = OPEN,
  options: PgWireOptions = {},
  log: (level: string, message: string) => void = () => {},
): Promise<OpenDoor> {
  return createPgWireDoor(options).start(service, { identity, host: '127.0.0.1', port: 0, log })
}
