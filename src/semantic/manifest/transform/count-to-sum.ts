import { fail } from '../../../core/diagnostic.js'
import { mapMetrics, mapModels, type TransformRule } from './rule.js'

/** `count` measures become sums: of 1, or of 1 where the expression is not NULL. */
export const countMeasures: TransformRule = (manifest) =>
  mapModels(manifest, (model) => ({
    ...model,
    measures: model.measures.map((measure) =>
      measure.agg === 'count'
        ? { ...measure, agg: 'sum', expr: countedExpr('Measure', measure.name, measure.expr) }
        : measure,
    ),
  }))

/** The same for simple metrics that stand without a measure. */
export const countMetrics: TransformRule = (manifest) =>
  mapMetrics(manifest, (metric) => {
    const params = metric.type_params.metric_aggregation_params
    if (metric.type !== 'simple' || params?.agg !== 'count') return metric
    return {
      ...metric,
      type_params: {
        ...metric.type_params,
        expr: countedExpr('Metric', metric.name, metric.type_params.expr),
        metric_aggregation_params: { ...params, agg: 'sum' },
      },
    }
  })

function countedExpr(kind: string, name: string, expr: string | null | undefined): string {
  if (expr === null || expr === undefined) {
    fail('semantic', 'count-without-expr', `${kind} '${name}' counts, which needs an expr.`, {
      hint: "write 'expr: 1' to count all rows",
    })
  }
  return expr === '1' ? expr : `CASE WHEN ${expr} IS NOT NULL THEN 1 ELSE 0 END`
}
