import { runsInBatches, type TemplateSession } from '../context/index.js'
import type { GraphNode, UnitTestDefinition } from '../manifest/index.js'

/** `main.orders`: a node's relation for people, without the database when it is the target's own. */
export function displayName(node: GraphNode, credentials: { readonly database: string }): string {
  if (!('schema' in node) || !('alias' in node)) return node.name
  const database = 'database' in node && node.database !== credentials.database ? node.database : null
  return [database, node.schema, node.alias].filter((part) => part !== null && part !== '').join('.')
}

/** How the lines of the terminal name a node: `sql table model main.orders`, `test unique_orders_id`. */
export function describeWork(node: GraphNode, session: TemplateSession): string {
  switch (node.resource_type) {
    case 'model': {
      const kind = runsInBatches(session, node) ? 'microbatch' : node.config.materialized
      return `${node.language} ${kind} model ${displayName(node, session.credentials)}`
    }
    case 'seed':
      return `seed file ${displayName(node, session.credentials)}`
    case 'snapshot':
      return `snapshot ${displayName(node, session.credentials)}`
    case 'function':
      return `function ${displayName(node, session.credentials)}`
    case 'test':
      return `test ${node.name}`
    case 'unit_test':
      return `unit_test ${unitTestName(node)}`
    case 'source':
      return `freshness of ${node.source_name}.${node.name}`
    case 'saved_query':
      return `saved query ${node.name}`
    default:
      return `${node.resource_type} ${node.name}`
  }
}

/** `orders::keeps_paid_orders`, with the version of the model when the test is for one. */
export function unitTestName(test: UnitTestDefinition): string {
  const version = test.version === null || test.version === undefined ? '' : `_v${test.version}`
  return `${test.model}::${test.name}${version}`
}
