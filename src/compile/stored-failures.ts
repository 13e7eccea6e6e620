import type { Flags } from '../core/flags.js'
import type { TestNode } from '../manifest/index.js'

/** Are a test's failing rows kept in a relation: by its config or `--store-failures`. */
export function storesFailures(test: TestNode, flags: Flags): boolean {
  return test.config['store_failures'] === true || flags.storeFailures
}
