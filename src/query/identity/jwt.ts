import type { JWTPayload, JWTVerifyGetKey } from 'jose'
import type { Caller } from '../types.js'
import { attributeOf, type JwtTrust } from './users-file.js'

/** Tells who a JWT speaks of, or null when it is not believed. */
export type JwtCheck = (token: string) => Promise<Caller | null>

/** Seconds by which clocks may differ. */
const LEEWAY = 30

/** A check for what the project trusts; the library and keys are loaded with the first token. */
export function jwtCheck(trusted: readonly JwtTrust[]): JwtCheck {
  let keys: Promise<readonly { readonly trust: JwtTrust; readonly key: JWTVerifyGetKey }[]> | undefined
  const load = async () => {
    const { createLocalJWKSet, createRemoteJWKSet } = await import('jose')
    return trusted.map((trust) => ({
      trust,
      key:
        trust.jwksUri === null
          ? createLocalJWKSet((trust.jwks ?? { keys: [] }) as unknown as Parameters<typeof createLocalJWKSet>[0])
          : createRemoteJWKSet(new URL(trust.jwksUri)),
    }))
  }
  return async (token) => {
    if (trusted.length === 0) return null
    keys ??= load()
    const { decodeJwt, jwtVerify, errors } = await import('jose')
    try {
      const issuer = decodeJwt(token).iss
      const found = (await keys).find(({ trust }) => trust.issuer === issuer)
      if (found === undefined) return null
      const { payload } = await jwtVerify(token, found.key, {
        issuer: found.trust.issuer,
        audience: [...found.trust.audience],
        algorithms: [...found.trust.algorithms],
        clockTolerance: LEEWAY,
        requiredClaims: ['exp', found.trust.nameClaim],
      })
      return callerOf(payload, found.trust)
    } catch (error) {
      if (error instanceof errors.JOSEError) return null
      throw error
    }
  }
}

/** A JWT never makes an owner: only the users' file does. */
function callerOf(payload: JWTPayload, trust: JwtTrust): Caller | null {
  const name = payload[trust.nameClaim]
  if (typeof name !== 'string' || name === '') return null
  const groups = trust.groupsClaim === null ? [] : payload[trust.groupsClaim]
  const attributes: Record<string, string | number | boolean | readonly string[]> = Object.create(null)
  for (const [attribute, claim] of Object.entries(trust.attributeClaims)) {
    const value = Object.hasOwn(payload, claim) ? attributeOf(payload[claim]) : undefined
    if (value !== undefined) attributes[attribute] = value
  }
  return {
    name,
    groups: Array.isArray(groups) ? groups.filter((group): group is string => typeof group === 'string') : [],
    attributes,
    owner: false,
  }
}
