import { fnmatch } from '../fnmatch.js'
import { EVERYTHING, type SelectorMethod } from './method.js'

/** `package:dbt_utils`; `package:this` is the root project. */
export const packageMethod: SelectorMethod = {
  over: EVERYTHING,
  prepare(value, _args, { manifest }) {
    const root = manifest.metadata.project_name
    const matches = fnmatch(value === 'this' && typeof root === 'string' ? root : String(value))
    return (node) => matches(node.package_name)
  },
  names: (node) => [node.package_name],
}
