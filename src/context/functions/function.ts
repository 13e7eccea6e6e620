import { didYouMean } from '../../core/did-you-mean.js'
import { eventTimeFilterFor } from '../event-time.js'
import type { Member } from '../node-scope.js'
import { notFound } from '../not-found.js'
import { ResolverObject } from '../objects/resolver.js'
import { ownRelation } from '../own-relation.js'
import { packageAndName } from './metric.js'

/** `function` while parsing: noted, and answered with the node's own relation. */
export const parseFunction: Member = (scope) =>
  new ResolverObject(scope, 'ParseFunctionResolver', (args) => {
    const { name, packageName } = packageAndName('function', args)
    scope.capture?.functions.push(packageName === null ? [name] : [packageName, name])
    return ownRelation(scope, 'function')
  })

/** `function` at run: the name of the user-defined function, quoted by its own settings only. */
export const runFunction: Member = (scope) =>
  new ResolverObject(scope, 'RuntimeFunctionResolver', (args) => {
    const { name, packageName } = packageAndName('function', args)
    const { session, subject } = scope
    const found = session.lookup.function(name, packageName, subject.package_name)
    if (found === undefined || 'disabled' in found) {
      throw notFound(subject, 'function', name, {
        packageName,
        disabled: found !== undefined,
        hint: didYouMean(name, session.lookup.functionNames()),
      })
    }
    const { defer_function: deferred, unique_id: id } = found.node
    // Functions are in no relation cache: whether ours is there is known only where this command makes it.
    const other = session.flags.defer && deferred && !session.isSelected(id) ? deferred : found.node
    return session.relations.ofFunction(other, {
      limit: session.flags.empty ? 0 : null,
      eventTimeFilter: eventTimeFilterFor(session, subject, found.node),
    })
  })
