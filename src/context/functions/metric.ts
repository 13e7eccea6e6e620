import { fail } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import type { Value } from '../../jinja/index.js'
import type { Member } from '../node-scope.js'
import { notFound } from '../not-found.js'
import { MetricObject, MetricReferenceObject } from '../objects/metric.js'
import { ResolverObject } from '../objects/resolver.js'
import { classOf } from './python-words.js'

/** `metric` while parsing: noted; prints the metric's name. */
export const parseMetric: Member = (scope) =>
  new ResolverObject(scope, 'ParseMetricResolver', (args) => {
    const { name, packageName } = packageAndName('metric', args)
    scope.capture?.metrics.push(packageName === null ? [name] : [packageName, name])
    return new MetricReferenceObject(name, packageName)
  })

/** `metric` at run: the metric itself, printing its name. */
export const runMetric: Member = (scope) =>
  new ResolverObject(scope, 'RuntimeMetricResolver', (args) => {
    const { name, packageName } = packageAndName('metric', args)
    const { session, subject } = scope
    const found = session.lookup.metric(name, packageName, subject.package_name)
    if (found !== undefined && 'node' in found) return new MetricObject(found.node, session.manifest)
    throw notFound(subject, 'metric', name, {
      packageName,
      disabled: null,
      hint: didYouMean(name, session.lookup.metricNames()),
    })
  })

/**
 * Reads `metric('name')` or `metric('package', 'name')`, and `function(...)` likewise.
 * @throws PlumbError for other arguments.
 */
export function packageAndName(
  call: 'metric' | 'function',
  args: readonly Value[],
): { name: string; packageName: string | null } {
  if (args.length !== 1 && args.length !== 2) {
    fail('compilation', `${call}-arguments`, `${call}() takes at most two arguments (${args.length} given)`)
  }
  const name = args.at(-1)
  const packageName = args.length === 2 ? args[0] : null
  if (typeof name !== 'string') {
    fail('compilation', `${call}-arguments`, `The name argument to ${call}() must be a string, got ${classOf(name)}`)
  }
  if (packageName !== null && typeof packageName !== 'string') {
    fail(
      'compilation',
      `${call}-arguments`,
      `The package argument to ${call}() must be a string or None, got ${classOf(packageName)}`,
    )
  }
  return { name, packageName }
}
