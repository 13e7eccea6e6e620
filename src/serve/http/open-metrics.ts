import type { ServiceFigures } from '../../query/index.js'

interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly help: string
  readonly unit?: string
  readonly value: number
}

/** The server's own figures, in the text form of OpenMetrics. */
export function openMetrics(figures: ServiceFigures, generation: number): string {
  const memory = process.memoryUsage()
  const families: readonly Family[] = [
    { name: 'plumb_questions', type: 'counter', help: 'Questions asked.', value: figures.asked },
    {
      name: 'plumb_questions_failed',
      type: 'counter',
      help: 'Questions that ended with an error.',
      value: figures.failed,
    },
    {
      name: 'plumb_questions_cached',
      type: 'counter',
      help: 'Questions answered from the cache.',
      value: figures.cached,
    },
    { name: 'plumb_rows', type: 'counter', help: 'Rows given.', value: figures.rows },
    {
      name: 'plumb_question_seconds',
      type: 'counter',
      unit: 'seconds',
      help: 'Time from question to the end of the answer.',
      value: figures.seconds,
    },
    {
      name: 'plumb_statements_running',
      type: 'gauge',
      help: 'Statements that run in the warehouse now.',
      value: figures.running,
    },
    {
      name: 'plumb_statements_waiting',
      type: 'gauge',
      help: 'Statements that wait for a slot.',
      value: figures.waiting,
    },
    { name: 'plumb_cache_entries', type: 'gauge', help: 'Results in the cache.', value: figures.cacheEntries },
    {
      name: 'plumb_cache_bytes',
      type: 'gauge',
      unit: 'bytes',
      help: 'Memory of the cache.',
      value: figures.cacheBytes,
    },
    {
      name: 'plumb_generation',
      type: 'gauge',
      help: 'Counts up when the project or its tables change.',
      value: generation,
    },
    {
      name: 'process_resident_memory_bytes',
      type: 'gauge',
      unit: 'bytes',
      help: 'Resident memory.',
      value: memory.rss,
    },
    {
      name: 'process_uptime_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'Since the server began.',
      value: process.uptime(),
    },
  ]
  return `${families.map(written).join('')}# EOF\n`
}

function written({ name, type, help, unit, value }: Family): string {
  const lines = [`# TYPE ${name} ${type}`]
  if (unit !== undefined) lines.push(`# UNIT ${name} ${unit}`)
  lines.push(`# HELP ${name} ${help}`, `${name}${type === 'counter' ? '_total' : ''} ${value}`)
  return `${lines.join('\n')}\n`
}
