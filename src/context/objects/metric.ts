import { type HostObject, py, type Value } from '../../jinja/index.js'
import type { Manifest, MetricNode } from '../../manifest/index.js'
import { MetricRecord, MetricTypeWord, recordOf, typeParams, whereFilters } from './metric-record.js'

/** What `metric('name')` answers while parsing. */
export class MetricReferenceObject implements HostObject {
  readonly [py.typeName] = 'MetricReference'

  constructor(
    private readonly metricName: string,
    private readonly packageName: string | null,
  ) {}

  [py.getattr](name: string): Value {
    if (name === 'metric_name') return this.metricName
    return name === 'package_name' ? this.packageName : undefined
  }

  [py.str](): string {
    return this.metricName
  }
}

/** What `metric('name')` answers at run: the metric's fields, and its dependencies on other metrics. */
export class MetricObject implements HostObject {
  readonly [py.typeName] = 'ResolvedMetricReference'

  constructor(
    private readonly node: MetricNode,
    private readonly manifest: Manifest,
  ) {}

  [py.getattr](name: string): Value {
    switch (name) {
      case 'metric_name':
        return this.node.name
      case 'node':
        return { ...this.node } as unknown as Value
      case 'full_metric_dependency':
        return () => [...new Set(this.#upstream().map(({ metric }) => metric.name))]
      case 'base_metric_dependency':
        return () => [...new Set(this.#upstream().flatMap(({ metric }) => (isDerived(metric) ? [] : [metric.name])))]
      case 'derived_metric_dependency':
        return () => [...new Set(this.#upstream().flatMap(({ metric }) => (isDerived(metric) ? [metric.name] : [])))]
      case 'derived_metric_dependency_depth':
        return () =>
          this.#upstream().flatMap(({ metric, depth }) => (isDerived(metric) ? [{ [metric.name]: depth }] : []))
      case 'type':
        return new MetricTypeWord(this.node.type)
      case 'type_params':
        return new MetricRecord(typeParams, this.node.type_params)
      case 'filter':
        return recordOf(whereFilters, this.node.filter)
      default:
        return Object.hasOwn(this.node, name)
          ? ((this.node as unknown as Record<string, Value>)[name] ?? null)
          : undefined
    }
  }

  [py.str](): string {
    return this.node.name
  }

  /** The metric and every metric it is made of, with their distance. */
  #upstream(metric: MetricNode = this.node, depth = 1): { metric: MetricNode; depth: number }[] {
    const parents = metric.depends_on.nodes.flatMap((id) => this.manifest.metrics[id] ?? [])
    return [{ metric, depth }, ...parents.flatMap((parent) => this.#upstream(parent, depth + 1))]
  }
}

function isDerived(metric: MetricNode): boolean {
  return metric.type === 'derived' || metric.type === 'ratio'
}
