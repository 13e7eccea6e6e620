import type { Value } from '../../jinja/index.js'
import { pythonJson } from '../../project/render/python-json.js'

/**
 * A node as Python's `json.dumps` writes it, without the fields that are not set. What scripts find with grep in the lines
 * of `dbt ls --output json`, they find in ours.
 */
export function nodeJson(node: unknown): string {
  return pythonJson(withoutUnset(node) as Value)
}

function withoutUnset(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUnset)
  // What is more than a plain object is a number of Python's.
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  const fields = Object.entries(value).filter(([, each]) => each !== undefined)
  return Object.fromEntries(fields.map(([key, each]) => [key, withoutUnset(each)]))
}
