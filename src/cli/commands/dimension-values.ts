import { fail } from '../../core/diagnostic.js'
import { encodeAnswer } from '../answers/write-answer.js'
import type { Command } from '../command.js'
import { EXIT } from '../command.js'
import { openDoor } from '../metrics/door.js'
import { openMetrics } from '../metrics/open-metrics.js'
import { questionOf, splitNames } from '../metrics/question.js'
import { PROJECT_OPTIONS } from '../options.js'

const dimensionValues: Command = {
  name: 'dimension-values',
  which: 'list-dimension-values',
  summary: 'List the values of a dimension',
  help: 'With --metrics: only the values that occur with them.',
  examples: [
    'plumb dimension-values customer__country',
    'plumb dimension-values --dimension customer__country --metrics revenue --start-time 2024-01-01',
  ],
  options: [
    'dimension',
    'metrics',
    'where',
    'start_time',
    'end_time',
    'query_limit',
    'list_format',
    'as_user',
    'users',
    'semantic_manifest',
    ...PROJECT_OPTIONS,
  ],
  argument: { name: 'dimension', about: 'As queries name it.', required: false },
  need: 'adapter',
  answers: true,
  async run(ready) {
    const dimension = ready.argument ?? ready.options.text('dimension')
    if (dimension === null) {
      fail('usage', 'bad-usage', 'Say which dimension.', { hint: 'plumb dimensions lists them' })
    }
    const metrics = await openMetrics(ready)
    const door = await openDoor(ready, metrics)
    try {
      const { where = [], timeRange, limit } = questionOf(ready)
      const names = splitNames(ready.options.list('metrics'))
      const values = metrics.engine.valuesQuery({
        dimension,
        where,
        ...(names.length === 0 ? {} : { metrics: names }),
        ...(timeRange === undefined ? {} : { timeRange }),
        ...(limit === undefined ? {} : { limit }),
      })
      const format = ready.options.text('list_format') === 'json' ? 'json' : 'table'
      const { readAnswer } = await import('../../query/index.js')
      const result = await readAnswer(await door.ask(values, { cache: false }))
      await ready.answer(await encodeAnswer(result, format))
      return EXIT.ok
    } finally {
      await door.close()
      await metrics.close()
    }
  },
}
export default dimensionValues
