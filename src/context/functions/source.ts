import { fail } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import type { Value } from '../../jinja/index.js'
import type { SourceDefinition } from '../../manifest/index.js'
import { eventTimeFilterFor } from '../event-time.js'
import type { Member, NodeScope } from '../node-scope.js'
import { notFound } from '../not-found.js'
import { ResolverObject } from '../objects/resolver.js'
import { ownRelation } from '../own-relation.js'
import { classOf } from './python-words.js'

/** `source` while parsing: noted, and answered with the node's own relation. */
export const parseSource: Member = (scope) =>
  new ResolverObject(scope, 'ParseSourceResolver', (args) => {
    scope.capture?.sources.push(sourceArguments(args))
    return ownRelation(scope)
  })

/** `source` at run: the source's relation. */
export const runSource: Member = (scope) =>
  new ResolverObject(scope, 'RuntimeSourceResolver', (args) => {
    const target = resolveSource(scope, args)
    const { session } = scope
    return session.relations.ofSource(target, scope.execute, {
      limit: session.flags.empty ? 0 : null,
      eventTimeFilter: eventTimeFilterFor(session, scope.subject, target),
    })
  })

/** `source` in a unit test: the fixture that stands in for it. */
export const unitTestSource: Member = (scope) =>
  new ResolverObject(scope, 'RuntimeUnitTestSourceResolver', (args) => {
    const target = resolveSource(scope, args)
    scope.requireCte(target.unique_id)
    return scope.session.relations.ephemeral(fixtureCteName(target))
  })

/** The name a source's fixture has among the CTEs of a unit test: both of its names, so that two cannot clash. */
export function fixtureCteName(source: { readonly source_name: string; readonly name: string }): string {
  return `${source.source_name}__${source.name}`
}

/** @throws PlumbError for anything but two strings. */
function sourceArguments(args: readonly Value[]): [string, string] {
  if (args.length !== 2) {
    fail('compilation', 'source-arguments', `source() takes exactly two arguments (${args.length} given)`)
  }
  const [source, table] = args
  if (typeof source !== 'string') {
    fail(
      'compilation',
      'source-arguments',
      `The source name (first) argument to source() must be a string, got ${classOf(source)}`,
    )
  }
  if (typeof table !== 'string') {
    fail(
      'compilation',
      'source-arguments',
      `The table name (second) argument to source() must be a string, got ${classOf(table)}`,
    )
  }
  return [source, table]
}

function resolveSource(scope: NodeScope, args: readonly Value[]): SourceDefinition {
  const [source, table] = sourceArguments(args)
  const { session, subject } = scope
  const found = session.lookup.source(source, table, subject.package_name)
  if (found !== undefined && 'node' in found) return found.node
  throw notFound(subject, 'source', `${source}.${table}`, {
    disabled: found !== undefined,
    hint: didYouMean(`${source}.${table}`, session.lookup.sourceNames()),
  })
}
