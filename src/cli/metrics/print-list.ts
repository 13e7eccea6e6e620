import type { Command } from '../command.js'
import { EXIT } from '../command.js'
import { type OptionName, PROJECT_OPTIONS } from '../options.js'
import type { Ready } from '../ready.js'
import { type Metrics, openMetrics } from './open-metrics.js'

/** What is listed: one plain object for each thing. */
export type ListedRow = Readonly<Record<string, unknown>>

interface ListCommand {
  readonly name: string
  readonly which: string
  readonly summary: string
  readonly help?: string
  readonly examples: readonly string[]
  readonly options: readonly OptionName[]
  /** Columns of the table, in their order; JSON has every field. */
  readonly columns: readonly string[]
  readonly rows: (metrics: Metrics, ready: Ready) => Promise<readonly ListedRow[]>
}

/** A command that lists what can be asked. */
export function listCommand({ columns, rows, options, ...rest }: ListCommand): Command {
  return {
    ...rest,
    options: [...options, 'list_format', 'semantic_manifest', ...PROJECT_OPTIONS],
    need: 'adapter',
    answers: true,
    async run(ready) {
      const metrics = await openMetrics(ready)
      try {
        await printList(ready, (await rows(metrics, ready)).map(snakeCase), columns)
        return EXIT.ok
      } finally {
        await metrics.close()
      }
    },
  }
}

async function printList(ready: Ready, rows: readonly ListedRow[], columns: readonly string[]): Promise<void> {
  if (ready.options.text('list_format') === 'json') {
    await ready.answer(`${JSON.stringify(rows, (_, value: unknown) => value ?? null, 2)}\n`)
    return
  }
  if (rows.length === 0) {
    await ready.answer('Nothing was found.\n')
    return
  }
  const { textTable } = await import('../answers/table.js')
  const filled = columns.filter((name, index) => index === 0 || rows.some((row) => cell(row[name]) !== ''))
  const table = filled.map((name) => ({ name, isNumber: false, cells: rows.map((row) => cell(row[name])) }))
  await ready.answer(`${textTable(table)}\n`)
}

/** Names in JSON and tables are those of the YAML: `semantic_model`. */
function snakeCase(row: ListedRow): ListedRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]),
  )
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  return Array.isArray(value) ? value.join(', ') : String(value)
}
