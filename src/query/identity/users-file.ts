import { fail } from '../../core/diagnostic.js'
import { onlyKeys, type Section, section, sections, text, texts } from '../policies/policy-file.js'
import { isRecord } from '../policies/taint.js'
import type { Caller, Limits } from '../types.js'
import { parseVerifier, type ScramVerifier } from './scram.js'
import { isTokenHash } from './tokens.js'

export interface User {
  readonly caller: Caller
  readonly verifier: ScramVerifier | null
  /** Hashes of API tokens. */
  readonly tokens: readonly string[]
}

/** Somebody else who is believed when they say who comes. */
export interface JwtTrust {
  readonly issuer: string
  readonly audience: readonly string[]
  readonly algorithms: readonly string[]
  /** Where the keys are; or the keys themselves. */
  readonly jwksUri: string | null
  readonly jwks: Readonly<Record<string, unknown>> | null
  /** Claims that hold the name, the groups, and attributes by their names here. */
  readonly nameClaim: string
  readonly groupsClaim: string | null
  readonly attributeClaims: Readonly<Record<string, string>>
}

export interface Users {
  readonly users: readonly User[]
  readonly jwt: readonly JwtTrust[]
}

/** Signatures that only the issuer can make: with a shared secret, and with none at all, anybody could. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

/** @throws PlumbError `policy-file` for anything that is not understood. */
export function readUsers(file: Section): Users {
  onlyKeys(file, ['version', 'users', 'jwt'])
  const users = sections(file, 'users').map(readUser)
  const names = new Set<string>()
  for (const { caller } of users) {
    if (names.has(caller.name)) fail('project', 'policy-file', `${file.at} has two users of the name '${caller.name}'`)
    names.add(caller.name)
  }
  return { users, jwt: sections(file, 'jwt').map(readTrust) }
}

function readUser(entry: Section): User {
  onlyKeys(entry, ['name', 'password', 'tokens', 'groups', 'attributes', 'owner', 'limits'])
  const name = text(entry, 'name')
  if (name === undefined || name === '') fail('project', 'policy-file', `${entry.at} needs a name`)
  const password = text(entry, 'password')
  const verifier = password === undefined ? null : parseVerifier(password)
  if (password !== undefined && verifier === null) {
    fail('project', 'policy-file', `${entry.at}: the password of '${name}' is not a SCRAM-SHA-256 verifier`, {
      hint: 'passwords are never kept as they are: plumb user hash makes what to write here',
    })
  }
  const tokens = texts(entry, 'tokens')
  if (!tokens.every(isTokenHash)) {
    fail('project', 'policy-file', `${entry.at}: a token of '${name}' is not a hash of the form sha256:...`, {
      hint: 'tokens are never kept as they are: plumb user token makes one and what to write here',
    })
  }
  const limits =
    entry.fields['limits'] === undefined
      ? undefined
      : readLimits(section(entry.fields['limits'], `${entry.at}, limits`))
  return {
    verifier,
    tokens,
    caller: {
      name,
      groups: texts(entry, 'groups'),
      attributes: readAttributes(entry.fields['attributes'], `${entry.at}, attributes`),
      owner: entry.fields['owner'] === true,
      ...(limits === undefined ? {} : { limits }),
    },
  }
}

/** Seconds, rows and a count in the file; milliseconds in the program. */
function readLimits(entry: Section): Partial<Limits> {
  onlyKeys(entry, ['seconds', 'rows', 'concurrency'])
  const number = (key: string): number | undefined => {
    const value = entry.fields[key]
    if (value === undefined || value === null) return undefined
    if (typeof value !== 'number' || !(value > 0))
      fail('project', 'policy-file', `${entry.at}, ${key} must be a number above 0`)
    return value
  }
  const [seconds, rows, concurrency] = [number('seconds'), number('rows'), number('concurrency')]
  return {
    ...(seconds === undefined ? {} : { timeout: seconds * 1000 }),
    ...(rows === undefined ? {} : { maxRows: rows }),
    ...(concurrency === undefined ? {} : { concurrency }),
  }
}

function readAttributes(value: unknown, at: string): Caller['attributes'] {
  if (value === undefined || value === null) return {}
  const attributes: Record<string, string | number | boolean | readonly string[]> = Object.create(null)
  for (const [key, each] of Object.entries(section(value, at).fields)) {
    const attribute = attributeOf(each)
    if (attribute === undefined)
      fail('project', 'policy-file', `${at}, ${key} must be text, a number, true, false or a list of texts`)
    attributes[key] = attribute
  }
  return attributes
}

/** A value as an attribute, or undefined when it cannot be one. */
export function attributeOf(value: unknown): string | number | boolean | readonly string[] | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return Array.isArray(value) && value.every((each): each is string => typeof each === 'string') ? value : undefined
}

function readTrust(entry: Section): JwtTrust {
  onlyKeys(entry, ['issuer', 'audience', 'algorithms', 'jwks_uri', 'jwks', 'name_claim', 'groups_claim', 'attributes'])
  const issuer = text(entry, 'issuer')
  const audience = texts(entry, 'audience')
  if (issuer === undefined || audience.length === 0)
    fail('project', 'policy-file', `${entry.at} needs issuer and audience`)
  const algorithms = texts(entry, 'algorithms')
  const bad = algorithms.filter((name) => !ALGORITHMS.includes(name))
  if (algorithms.length === 0 || bad.length > 0) {
    fail(
      'project',
      'policy-file',
      `${entry.at} needs algorithms, of ${ALGORITHMS.join(', ')}${bad.length > 0 ? `; not ${bad.join(', ')}` : ''}`,
    )
  }
  const jwksUri = text(entry, 'jwks_uri') ?? null
  if (
    jwksUri !== null &&
    !/^https:\/\//.test(jwksUri) &&
    !/^http:\/\/(?:localhost|127\.\d+\.\d+\.\d+)[:/]/.test(jwksUri)
  ) {
    fail('project', 'policy-file', `${entry.at}: jwks_uri must be https://`)
  }
  const jwks = entry.fields['jwks']
  if ((jwksUri === null) === !isRecord(jwks)) fail('project', 'policy-file', `${entry.at} needs jwks_uri or jwks`)
  const claims =
    entry.fields['attributes'] === undefined
      ? {}
      : section(entry.fields['attributes'], `${entry.at}, attributes`).fields
  return {
    issuer,
    audience,
    algorithms,
    jwksUri,
    jwks: isRecord(jwks) ? jwks : null,
    nameClaim: text(entry, 'name_claim') ?? 'sub',
    groupsClaim: text(entry, 'groups_claim') ?? null,
    attributeClaims: Object.fromEntries(Object.entries(claims).map(([name, claim]) => [name, String(claim)])),
  }
}
