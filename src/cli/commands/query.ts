import { fail } from '../../core/diagnostic.js'
import type { Command, ExitCode } from '../command.js'
import { EXIT } from '../command.js'
import { type Door, openDoor } from '../metrics/door.js'
import { openMetrics } from '../metrics/open-metrics.js'
import { PROJECT_OPTIONS } from '../options.js'
import type { Ready } from '../ready.js'

const query: Command = {
  name: 'query',
  summary: 'Ask metrics a question',
  help: 'Asks metrics, by dimensions, with filters and a time range; or, without metrics, for the values of dimensions. The names of the options are those of mf.',
  examples: [
    'plumb query --metrics revenue --group-by metric_time__month --order metric_time__month',
    `plumb query --metrics revenue,orders --group-by customer__country --where "{{ Dimension('order__status') }} = 'paid'"`,
    'plumb query --saved-query weekly_review --csv review.csv',
    'plumb query --metrics revenue --group-by metric_time --explain',
    'plumb query --metrics revenue --as ana --explain',
    'plumb query --queries questions.jsonl',
    'plumb query --queries questions.jsonl --as ana',
  ],
  options: [
    'metrics',
    'group_by',
    'where',
    'order',
    'query_limit',
    'start_time',
    'end_time',
    'saved_query',
    'explain',
    'answer_output',
    'to_file',
    'csv',
    'decimals',
    'chart',
    'proof',
    'require',
    'as_user',
    'users',
    'queries',
    'semantic_manifest',
    ...PROJECT_OPTIONS,
  ],
  need: 'adapter',
  answers: true,
  run,
}
export default query

async function run(ready: Ready): Promise<ExitCode> {
  const { options } = ready
  const lines = options.text('queries')
  if (lines === null) {
    if (options.list('metrics').length === 0 && options.list('group_by').length === 0 && !options.text('saved_query')) {
      fail('usage', 'bad-usage', 'Say what to ask: --metrics, --group-by or --saved-query.', {
        hint: 'plumb metrics lists the metrics of the project',
      })
    }
  }
  const metrics = await openMetrics(ready)
  let door: Door | undefined
  try {
    door = await openDoor(ready, metrics)
    if (lines === null) {
      const { answerOne } = await import('../metrics/answer-one.js')
      return await answerOne(ready, metrics, door)
    }
    const { answerLines } = await import('../metrics/answer-lines.js')
    await answerLines(ready, door, lines)
    return EXIT.ok
  } finally {
    await door?.close()
    await metrics.close()
  }
}
