import type { Door } from './door.js'

/** The doors there are, each loaded when it is opened. */
export const DOORS: { readonly [K in Door['name']]?: () => Promise<Door> } = {
  http: async () => (await import('./http/index.js')).httpDoor,
  pgwire: async () => (await import('./pgwire/index.js')).pgwireDoor,
}
