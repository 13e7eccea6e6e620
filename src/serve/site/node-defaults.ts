import { exactJson } from '../../core/exact-json.js'
import type { SiteNode, WrittenNode } from './documents.js'

const DEFAULTS: Omit<SiteNode, 'id' | 'name' | 'type'> = {
  package: '',
  path: '',
  fqn: [],
  tags: [],
  materialized: null,
  schema: null,
  access: null,
  group: null,
  version: null,
  about: '',
  label: null,
  status: null,
  seconds: null,
  freshness: null,
  tests: { pass: 0, warn: 0, fail: 0, unknown: 0 },
  columns: [],
  test: null,
}

/** A node without the fields that say nothing. Of tests the place in the folders is left out, too: the file tells it. */
export function withoutDefaults(node: SiteNode): WrittenNode {
  const told = Object.entries(node).filter(([name, value]) => {
    if (name === 'fqn' && node.type === 'test') return false
    if (name === 'materialized' && node.type === 'test') return false
    return exactJson(value) !== exactJson(DEFAULTS[name as keyof typeof DEFAULTS])
  })
  return Object.fromEntries(told) as WrittenNode
}

/** The node that was written. */
export function withDefaults(node: WrittenNode): SiteNode {
  return { ...DEFAULTS, fqn: [node.package ?? '', node.name], ...node }
}
