import type { Caller } from '../types.js'
import type { Audience } from './policy.js'

export const NOBODY: Audience = { groups: [], users: [] }

/** Whether a caller is among those a rule is for. */
export function includes({ groups, users }: Audience, caller: Caller): boolean {
  return users.includes(caller.name) || groups.some((group) => group === '*' || caller.groups.includes(group))
}

/** What rules depend on of a caller: equal for callers who see the same. */
export function callerKey({ name, groups, attributes, owner }: Caller): string {
  if (owner) return 'owner'
  return JSON.stringify([name, [...groups].sort(), Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))])
}
