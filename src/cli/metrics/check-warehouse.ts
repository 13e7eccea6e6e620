import { type Diagnostic, diagnostic, PlumbError } from '../../core/diagnostic.js'
import type { SemanticManifest } from '../../semantic/index.js'
import type { Metrics } from './open-metrics.js'

/** An expression of a semantic model that its table must understand. */
interface Element {
  readonly kind: 'entity' | 'dimension' | 'measure'
  readonly name: string
  readonly expr: string
}

/** Asks the warehouse whether tables, columns and expressions of the definitions are there; reads no rows. */
export async function checkWarehouse({ manifest, engine, workspace }: Metrics): Promise<Diagnostic[]> {
  const adapter = await workspace.adapter({ readOnly: true })
  const connection = await adapter.connect('validate')
  const faultOf = async (asked: string | (() => string)): Promise<string | undefined> => {
    try {
      const sql = typeof asked === 'string' ? asked : asked()
      await adapter.introspect.describeQuery(connection, sql)
      return undefined
    } catch (error) {
      if (!(error instanceof PlumbError)) throw error
      return error.message.split('\n')[0]
    }
  }
  const found: Diagnostic[] = []
  try {
    for (const model of manifest.semantic_models) {
      const subject = `semantic model ${model.name}`
      const table = model.node_relation.relation_name
      const missing = await faultOf(`select * from ${table}`)
      if (missing !== undefined) {
        found.push(
          fault('warehouse-table', subject, `Its table ${table} cannot be read: ${missing}`, 'build its model first'),
        )
        continue
      }
      const elements = elementsOf(model)
      const select = (some: readonly Element[]) =>
        `select ${some.map(({ expr }) => `(${expr})`).join(', ')} from ${table}`
      if (elements.length === 0 || (await faultOf(select(elements))) === undefined) continue
      for (const element of elements) {
        const wrong = await faultOf(select([element]))
        if (wrong === undefined) continue
        const message = `The ${element.kind} '${element.name}' (${element.expr}) is not in ${table}: ${wrong}`
        found.push(fault('warehouse-expression', subject, message))
      }
    }
    if (found.length > 0) return found
    for (const { name } of engine.listMetrics()) {
      const wrong = await faultOf(() => engine.compile(anyQuestionOf(name, manifest)).sql)
      if (wrong !== undefined)
        found.push(fault('warehouse-metric', `metric ${name}`, `It cannot be computed: ${wrong}`))
    }
    return found
  } finally {
    await connection.release()
  }
}

/** Metrics over time can only be asked by time. */
function anyQuestionOf(name: string, manifest: SemanticManifest) {
  const metric = manifest.metrics.find((each) => each.name.toLowerCase() === name)
  return metric?.type === 'simple' || metric?.type === 'ratio'
    ? { metrics: [name] }
    : { metrics: [name], groupBy: ['metric_time'] }
}

function elementsOf(model: SemanticManifest['semantic_models'][number]): Element[] {
  const of = (kind: Element['kind'], list: readonly { readonly name: string; readonly expr?: string | null }[]) =>
    list.map(({ name, expr }): Element => ({ kind, name, expr: expr ?? name }))
  return [...of('entity', model.entities), ...of('dimension', model.dimensions), ...of('measure', model.measures)]
}

function fault(code: string, subject: string, message: string, hint?: string): Diagnostic {
  return diagnostic('semantic', code, message, { subject, ...(hint === undefined ? {} : { hint }) })
}
