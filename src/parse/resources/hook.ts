import { join } from 'node:path'
import { sha256 } from '../../core/checksum.js'
import type { HookNode } from '../../manifest/index.js'
import type { Package } from '../../project/index.js'
import { compiledFields } from '../node-fields.js'
import { readSource } from '../source-files.js'
import { attempt, blame, type ParseState } from '../state.js'
import { addNode } from './add-node.js'
import { finishNode } from './finish-node.js'

/** Adds the operations of a package's `on-run-start` and `on-run-end`. */
export async function parseHooks(state: ParseState, pkg: Package): Promise<void> {
  const { onRunStart, onRunEnd } = pkg.config
  if (onRunStart.length + onRunEnd.length === 0) return
  const checksum = sha256(readSource({ absolutePath: join(pkg.root, 'dbt_project.yml') }).text)
  for (const [type, hooks] of [
    ['on-run-start', onRunStart],
    ['on-run-end', onRunEnd],
  ] as const) {
    for (const [index, sql] of hooks.entries()) {
      await attempt(state, () => parseHook(state, pkg, type, index, sql, checksum))
    }
  }
}

async function parseHook(
  state: ParseState,
  pkg: Package,
  type: string,
  index: number,
  sql: string,
  checksum: string,
): Promise<void> {
  const name = `${pkg.name}-${type}-${index}`
  const node: HookNode = {
    ...compiledFields(state, {
      type: 'operation',
      packageName: pkg.name,
      name,
      id: `operation.${pkg.name}.${name}`,
      path: `hooks/${name}.sql`,
      originalPath: './dbt_project.yml',
      fqn: [pkg.name, 'hooks', name],
      checksum: { name: 'sha256', checksum },
      rawCode: sql,
      tags: [type],
    }),
    resource_type: 'operation',
    index,
  }
  try {
    const read = state.templates.readHook(sql, node)
    await finishNode(state, node, read instanceof Promise ? await read : read)
  } catch (error) {
    throw blame(error, node)
  }
  addNode(state, node)
}
