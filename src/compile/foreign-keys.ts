import type { TemplateSession } from '../context/index.js'
import { fail } from '../core/diagnostic.js'
import { parseTemplate, staticCalls } from '../jinja/index.js'
import type { ColumnConstraint, ModelNode } from '../manifest/index.js'

const CALLS: ReadonlySet<string> = new Set(['ref', 'source'])

/**
 * Turns the targets of a model's foreign keys, written as `ref('a')` or `source('s', 't')`, into relation names.
 * @throws PlumbError for another expression, or a target that is not there.
 */
export function compileForeignKeys(session: TemplateSession, model: ModelNode): void {
  const constraints: ColumnConstraint[] = [
    ...model.constraints,
    ...Object.values(model.columns).flatMap((column) => column.constraints),
  ]
  for (const constraint of constraints) {
    // Compiled before: a relation's name is no call.
    if (constraint.type !== 'foreign_key' || constraint.to === null || !/\b(?:ref|source)\s*\(/.test(constraint.to))
      continue
    constraint.to = targetName(session, model, constraint.to)
  }
}

function targetName(session: TemplateSession, model: ModelNode, expression: string): string {
  const { relations, lookup, flags } = session
  const { name, args, kwargs } = callIn(model, expression)
  const texts = args.map(String)
  if (name === 'source') {
    const found = lookup.source(texts[0] ?? '', texts[1] ?? '', model.package_name)
    if (found !== undefined && 'node' in found) return String(relations.ofSource(found.node, true))
  } else {
    const version = kwargs['v'] ?? kwargs['version'] ?? null
    const packageName = texts.length > 1 ? texts[0]! : null
    const found = lookup.ref(
      texts.at(-1) ?? '',
      packageName,
      typeof version === 'string' || typeof version === 'number' ? version : null,
      model.package_name,
      model.unique_id,
    )
    if (found !== undefined && 'node' in found) {
      const { node } = found
      const deferred = 'defer_relation' in node ? node.defer_relation : undefined
      return String(relations.ofNode(deferred != null && flags.defer ? deferred : node))
    }
  }
  fail('internal', 'foreign-key-target', `'${model.unique_id}' depends on '${expression}' which is not in the graph!`, {
    nodeId: model.unique_id,
  })
}

function callIn(model: ModelNode, expression: string) {
  const ast = parseTemplate(`{{ ${expression} }}`, { file: model.original_file_path })
  const [call] = staticCalls(ast, CALLS).calls
  if (call !== undefined) return call
  return fail(
    'compilation',
    'foreign-key-expression',
    `'${model.unique_id}' defines a foreign key constraint 'to' expression which is not valid 'ref' or 'source' syntax: ` +
      `${expression}.`,
    { nodeId: model.unique_id },
  )
}
