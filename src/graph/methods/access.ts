import type { SelectorMethod } from './method.js'

/** `access:public`: models others may refer to. No wildcards. */
export const access: SelectorMethod = {
  over: new Set(['model']),
  prepare: (value) => (node) => node.resource_type === 'model' && node.access === value,
  names: () => ['private', 'protected', 'public'],
}
