import { expect, it } from 'vitest'
import { testProject } from '../../support/project.js'

const DEFINITIONS = `
models:
  - name: spine
    time_spine: {standard_granularity_column: day}
    columns: [{name: day, granularity: day}]
semantic_models:
  - name: sales
    model: ref('orders')
    defaults: {agg_time_dimension: ordered_at}
    entities: [{name: sale, type: primary, expr: id}]
    dimensions: [{name: ordered_at, type: time, type_params: {time_granularity: day}}]
    measures: [{name: sold, agg: sum, expr: id}]
metrics:
  - {name: revenue, label: Revenue, type: simple, type_params: {measure: {name: sold, fill_nulls_with: 0}}, filter: "{{ Dimension('sale__ordered_at') }} is not null"}
  - {name: running, label: Running, type: cumulative, type_params: {measure: sold, cumulative_type_params: {window: 7 days}}}
`

const NO_FILTER = 'filter=None, alias=None, join_to_timespine=False'
const SOLD = `MetricInputMeasure(name='sold', ${NO_FILTER}, fill_nulls_with=None)`

it('metrics print in templates as dbt-core 1.11.16 prints them', async () => {
  const project = testProject({
    models: {
      'orders.sql': "select 1 as id, date '2024-01-01' as ordered_at",
      'spine.sql': "select date '2024-01-01' as day",
      'printed.sql':
        "{% set all = [metric('revenue'), metric('running')] %}{% if execute %}{% for m in all %}" +
        '{{ m }}|{{ m.type }}|{{ m.type.value }}|{{ m.type_params.measure.name }}|{{ m.filter }}|' +
        '{{ m.type_params.cumulative_type_params }}|{{ m.type_params.measure }}\n{% endfor %}{% endif %}',
      'definitions.yml': DEFINITIONS,
    },
  })
  try {
    const { code, stdout } = await project.run('compile', '--select', 'printed')
    expect(code, stdout).toBe(0)
    const [revenue, running] = project.read('target/compiled/test/models/printed.sql').split('\n')
    expect(revenue).toBe(
      'revenue|MetricType.SIMPLE|simple|sold|WhereFilterIntersection(where_filters=[WhereFilter(' +
        'where_sql_template="{{ Dimension(\'sale__ordered_at\') }} is not null")])|None|' +
        `MetricInputMeasure(name='sold', ${NO_FILTER}, fill_nulls_with=0)`,
    )
    expect(running).toBe(
      "running|MetricType.CUMULATIVE|cumulative|sold|None|CumulativeTypeParams(window=MetricTimeWindow(count=7, granularity='day'), " +
        `grain_to_date=None, period_agg=<PeriodAggregation.FIRST: 'first'>, metric=None)|${SOLD}`,
    )
  } finally {
    project.dispose()
  }
})
