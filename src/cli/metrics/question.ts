import type { MetricQuery } from '../../semantic/index.js'
import type { Ready } from '../ready.js'

/** The question that the options of a command ask. */
export function questionOf({ options }: Pick<Ready, 'options'>): MetricQuery {
  const [start, end] = [options.text('start_time'), options.text('end_time')]
  const savedQuery = options.text('saved_query')
  const limit = options.number('query_limit')
  return {
    metrics: splitNames(options.list('metrics')),
    groupBy: splitNames(options.list('group_by')),
    where: options.list('where'),
    orderBy: splitNames(options.list('order')),
    ...(limit === null ? {} : { limit }),
    ...(start === null && end === null
      ? {}
      : { timeRange: { ...(start === null ? {} : { start }), ...(end === null ? {} : { end }) } }),
    ...(savedQuery === null ? {} : { savedQuery }),
  }
}

/** Names separated by commas; those in parentheses and quotes belong to a call: `Dimension('a', entity_path=['b'])`. */
export function splitNames(given: readonly string[]): string[] {
  return given.flatMap((text) => {
    const names: string[] = []
    let [name, depth, quote] = ['', 0, '']
    for (const letter of text) {
      if (quote !== '') quote = letter === quote ? '' : quote
      else if (letter === "'" || letter === '"') quote = letter
      else if ('([{'.includes(letter)) depth++
      else if (')]}'.includes(letter)) depth--
      if (letter === ',' && depth === 0 && quote === '') {
        names.push(name)
        name = ''
      } else name += letter
    }
    return [...names, name].map((each) => each.trim()).filter((each) => each !== '')
  })
}
