import { dump } from 'js-yaml'
import type { Json } from '../../manifest/index.js'

export interface DumpYamlOptions {
  /** Default true, as PyYAML. */
  readonly sortKeys?: boolean
  /** Lists below a key begin further in than the key. Default false, as PyYAML. */
  readonly indentLists?: boolean
}

/** JSON data as block YAML in PyYAML's manner: keys sorted, two spaces, lines left as long as they are. */
export function dumpYaml(value: Json, options: DumpYamlOptions = {}): string {
  return dump(value, {
    sortKeys: options.sortKeys ?? true,
    seqNoIndent: options.indentLists !== true,
    lineWidth: -1,
    noRefs: true,
  })
}
