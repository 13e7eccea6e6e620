import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { fail } from '../../core/diagnostic.js'
import { parseGuardText, readGuardFile } from '../policies/policy-file.js'
import { type Caller, OWNER } from '../types.js'
import { type Identity, isLoopback } from './identity.js'
import { jwtCheck } from './jwt.js'
import { checkPassword, fakeVerifier } from './scram.js'
import { hashToken, looksLikeJwt } from './tokens.js'
import { readUsers, type Users } from './users-file.js'

export interface IdentityOptions {
  readonly projectRoot: string
  /** `--users`, or null. */
  readonly file: string | null
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Beside dbt_project.yml. */
const USERS_FILE = 'users.yml'

/**
 * Reads who the users are: of the file that is named, of `PLUMB_USERS` (the same YAML in the environment), of the file
 * `PLUMB_USERS_FILE` names, or of users.yml in the project.
 * @throws PlumbError `policy-file` for anything in it that is not understood, `users-file-missing`.
 */
export async function openIdentity({ projectRoot, file, env }: IdentityOptions): Promise<Identity> {
  const text = env['PLUMB_USERS']
  const named = file ?? (text ? null : env['PLUMB_USERS_FILE']) ?? null
  if (named === null && text) return createIdentity(readUsers(await parseGuardText(text, 'PLUMB_USERS')))
  const path = resolve(projectRoot, named ?? USERS_FILE)
  const found = await readGuardFile(path, named ?? USERS_FILE)
  if (found === undefined && named !== null) {
    fail('usage', 'users-file-missing', `There is no file of users at ${path}`)
  }
  return createIdentity(found === undefined ? { users: [], jwt: [] } : readUsers(found), found !== undefined)
}

/** @param guarded false: nobody has said anything about users. */
export function createIdentity({ users, jwt }: Users, guarded = true): Identity {
  const byName = new Map(users.map((user) => [user.caller.name, user]))
  const byToken = new Map(users.flatMap((user) => user.tokens.map((hash) => [hash, user.caller] as const)))
  const checkJwt = jwtCheck(jwt)
  const secret = randomBytes(32)
  const open = !guarded && users.length === 0 && jwt.length === 0
  const scram: Identity['scram'] = (name) => byName.get(name)?.verifier ?? fakeVerifier(name, secret)
  return {
    open,
    anonymous: (address): Caller | null => (open && isLoopback(address) ? OWNER : null),
    scram,
    user: (name) => byName.get(name)?.caller ?? null,
    async password(name, password) {
      const right = await checkPassword(password, scram(name))
      const user = byName.get(name)
      return right && user !== undefined && user.verifier !== null ? user.caller : null
    },
    async bearer(token) {
      // Looked up by its hash: how long that takes tells nothing about tokens.
      return byToken.get(hashToken(token)) ?? (looksLikeJwt(token) ? checkJwt(token) : null)
    },
  }
}
