import { fail } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import { type Kwargs, PyFloat, type Value } from '../../jinja/index.js'
import type { ManifestNode, NodeVersion, RefArgs } from '../../manifest/index.js'
import { checkAccess } from '../access.js'
import { eventTimeFilterFor } from '../event-time.js'
import { findRelation } from '../find-relation.js'
import type { Member, NodeScope } from '../node-scope.js'
import { notFound } from '../not-found.js'
import type { RelationObject } from '../objects/relation.js'
import { ResolverObject } from '../objects/resolver.js'
import { ownRelation } from '../own-relation.js'
import { describeSubject, type ScopeSubject } from '../subject.js'
import { noteNewerVersion } from '../unpinned-ref.js'
import { classOf } from './python-words.js'

/**
 * `ref` while parsing: the call is noted, and answered with the node's own relation, since the one it names may not be
 * known yet.
 */
export const parseRef: Member = (scope) =>
  new ResolverObject(scope, 'ParseRefResolver', (args, kwargs) => {
    scope.capture?.refs.push(refArguments(args, kwargs))
    return ownRelation(scope)
  })

/** `ref` at run: the relation of the node, or the name of its CTE when it is ephemeral. */
export const runRef: Member = (scope) =>
  new ResolverObject(scope, 'RuntimeRefResolver', (args, kwargs) => {
    const reference = refArguments(args, kwargs)
    const target = resolveRef(scope, reference)
    if (!dependsOn(scope.subject, target.unique_id)) throwUnseenRef(scope.subject, reference)
    if (reference.version === null) noteNewerVersion(scope, target)
    return relationOf(scope, target, { inOperation: false })
  })

/** `ref` in macros that run by themselves: any node may be named, since nothing was parsed. Ephemeral ones cannot be. */
export const operationRef: Member = (scope) =>
  new ResolverObject(scope, 'OperationRefResolver', (args, kwargs) =>
    relationOf(scope, resolveRef(scope, refArguments(args, kwargs)), { inOperation: true }),
  )

/**
 * Reads `ref('name')`, `ref('package', 'name')`, `v=` or `version=`.
 * @throws PlumbError for other numbers and kinds of arguments.
 */
export function refArguments(args: readonly Value[], kwargs: Kwargs): RefArgs {
  if (args.length !== 1 && args.length !== 2) {
    fail('compilation', 'ref-arguments', `ref() takes at most two arguments (${args.length} given)`)
  }
  const name = args.at(-1)
  const packageName = args.length === 2 ? args[0] : null
  if (typeof name !== 'string') {
    fail('compilation', 'ref-arguments', `The name argument to ref() must be a string, got ${classOf(name)}`)
  }
  if (packageName !== null && typeof packageName !== 'string') {
    fail(
      'compilation',
      'ref-arguments',
      `The package argument to ref() must be a string or None, got ${classOf(packageName)}`,
    )
  }
  return { name, package: packageName, version: versionArgument(kwargs['version']) ?? versionArgument(kwargs['v']) }
}

function versionArgument(version: Value): NodeVersion | null {
  const plain = version instanceof PyFloat ? version.value : version
  if (plain == null || plain === '' || plain === 0 || plain === false) return null
  if (typeof plain === 'string' || typeof plain === 'number') return plain
  if (plain === true) return 1
  fail(
    'compilation',
    'ref-arguments',
    `The version argument to ref() must be a string, int, float, or None - got ${classOf(version)}`,
  )
}

/**
 * The node a reference means, seen from the scope's own node.
 * @throws PlumbError when there is none, it is disabled, or may not be referenced from here.
 */
export function resolveRef(scope: NodeScope, reference: RefArgs): ManifestNode {
  const { session, subject } = scope
  const { name, package: packageName, version } = reference
  const found = session.lookup.ref(name, packageName, version, subject.package_name, subject.unique_id)
  if (found === undefined || 'disabled' in found) {
    throw notFound(subject, 'node', name, {
      packageName,
      version,
      disabled: found !== undefined,
      hint:
        found === undefined
          ? didYouMean(name, session.lookup.refableNames())
          : `enable it: ${found.disabled.original_file_path} has \`enabled: false\` in its config`,
    })
  }
  checkAccess(subject, found.node, session.project)
  return found.node
}

function dependsOn(subject: ScopeSubject, id: string): boolean {
  return 'depends_on' in subject && 'nodes' in subject.depends_on && subject.depends_on.nodes.includes(id)
}

function throwUnseenRef(subject: ScopeSubject, reference: RefArgs): never {
  const args = [reference.package, reference.name].filter((a): a is string => a !== null).map((a) => `'${a}'`)
  const version = reference.version === null ? '' : `,version='${reference.version}'`
  const call = `{{ ref(${args.join(', ')}${version}) }}`
  fail(
    'compilation',
    'ref-not-inferred',
    `dbt was unable to infer all dependencies for the model "${subject.name}".\n` +
      'This typically happens when ref() is placed within a conditional block.\n\n' +
      `To fix this, add the following hint to the top of the model "${subject.name}":\n\n-- depends_on: ${call}`,
    { nodeId: subject.unique_id, subject: describeSubject(subject) },
  )
}

function relationOf(
  scope: NodeScope,
  target: ManifestNode,
  options: { readonly inOperation: boolean },
): RelationObject | Promise<RelationObject> {
  const { session, subject } = scope
  const limits = {
    limit: session.flags.empty && !scope.kind.ignoresEmpty ? 0 : null,
    eventTimeFilter: eventTimeFilterFor(session, subject, target),
  }
  if (target.resource_type === 'model' && target.config.materialized === 'ephemeral') {
    if (options.inOperation) {
      fail(
        'compilation',
        'operation-ref-ephemeral',
        `Operations can not ref() ephemeral nodes, but ${target.name} is ephemeral`,
      )
    }
    scope.requireCte(target.unique_id)
    return session.relations.ephemeral(target.alias, limits)
  }
  const deferred = 'defer_relation' in target ? target.defer_relation : undefined
  if (deferred == null || !session.flags.defer) return session.relations.ofNode(target, limits)
  if (session.flags.favorState && !session.isSelected(target.unique_id)) {
    return session.relations.ofNode(deferred, limits)
  }
  const name = { database: target.database, schema: target.schema, identifier: target.alias }
  const existing = findRelation(scope, name)
  const chosen = (found: RelationObject | undefined) =>
    session.relations.ofNode(found === undefined ? deferred : target, limits)
  return existing instanceof Promise ? existing.then(chosen) : chosen(existing)
}
