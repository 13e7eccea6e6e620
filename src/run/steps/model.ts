import { compileNode } from '../../compile/index.js'
import { createRunScope, type NodeScope } from '../../context/index.js'
import { fail } from '../../core/diagnostic.js'
import type { Value } from '../../jinja/index.js'
import type { FunctionNode, ModelNode, SeedNode, SnapshotNode } from '../../manifest/index.js'
import type { Outcome } from '../outcome.js'
import { materialize, relationsOf, responseOf } from './materialize.js'
import { nodeAs, type Step, type StepHandler, scopeOptions } from './step.js'

/** What is built by a materialization: models, snapshots, seeds. */
export type Buildable = ModelNode | SnapshotNode | SeedNode | FunctionNode

/** Builds a model or takes a snapshot: the materialization its config names does the work. */
export const modelStep: StepHandler = {
  announced: true,
  failedStatus: 'error',
  async compile(step) {
    return await compileNode(step.run.session, nodeAs(step.node, 'model', 'snapshot'), scopeOptions(step))
  },
  execute: (step) => build(step, nodeAs(step.node, 'model', 'snapshot')).then((built) => built.outcome),
}

/** Creates a user-defined function. */
export const functionStep: StepHandler = {
  announced: true,
  failedStatus: 'error',
  async compile(step) {
    return await compileNode(step.run.session, nodeAs(step.node, 'function'), scopeOptions(step))
  },
  async execute(step) {
    const node = nodeAs(step.node, 'function')
    const scope = scopeOf(step, node)
    const { main } = await materialize(step, scope, materializationOf(node), node.language)
    if (main === null) throwNoMain()
    return { status: 'success', ...responseOf(main) }
  },
}

export interface Built {
  readonly outcome: Outcome
  readonly scope: NodeScope
}

/**
 * Builds a node and notes what is there now.
 * @param extra names that stand before all others in its templates.
 * @throws PlumbError from the templates or the warehouse.
 */
export async function build(step: Step, node: Buildable, extra?: ReadonlyMap<string, Value>): Promise<Built> {
  const scope = scopeOf(step, node, extra)
  const materialized = materializationOf(node)
  const { main, value } = await materialize(step, scope, materialized, 'language' in node ? node.language : 'sql')
  for (const relation of relationsOf(value, materialized)) {
    step.run.session.relationCache.add(relation.with({ dbtCreated: true }))
  }
  if (main === null) throwNoMain()
  return { outcome: { status: 'success', ...responseOf(main) }, scope }
}

function materializationOf(node: Buildable): string {
  return node.config.materialized
}

/** A scope on the step's own connection. */
export function scopeOf(step: Step, node: Buildable, extra?: ReadonlyMap<string, Value>): NodeScope {
  return createRunScope(step.run.session, node, { ...scopeOptions(step), extra })
}

function throwNoMain(): never {
  fail('runtime', 'no-main-statement', 'main is not being called during running model', {
    hint: "a materialization must run its SQL in {% call statement('main') %}",
  })
}
