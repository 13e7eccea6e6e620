import type { Owner } from '../../manifest/index.js'

/** An owner with its fields filled in; users may add their own. */
export function ownerOf(given: unknown): Owner {
  const { email = null, name = null, ...rest } = given as Partial<Owner>
  return { email, name, ...rest }
}
