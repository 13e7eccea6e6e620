import type { ParsedNode } from '../../manifest/index.js'
import { singularTestShape } from '../shape/resource-shapes.js'
import { attempt, type ParseState } from '../state.js'
import type { Entry } from './entries.js'
import { readNodeProperties } from './node-properties.js'
import { patchConfig, warnUnmatched } from './patch-node.js'

/** Joins the `data_tests:` entries at the top of a file to the tests that are files of their own. */
export async function patchSingularTests(state: ParseState, entries: readonly Entry[]): Promise<void> {
  for (const entry of entries) {
    await attempt(state, async () => {
      const props = readNodeProperties(entry, singularTestShape)
      const node: ParsedNode | undefined = state.names.singularTest(props.name, entry.properties.file.packageName)
      if (node === undefined) {
        warnUnmatched(state, props, props.name)
        return
      }
      if (Object.keys(props.config).length > 0) await patchConfig(state, node, props, props.config)
      node.patch_path = entry.properties.id
      node.description = props.description
    })
  }
}
