import type { QueryResult } from '../../adapters/adapter.js'
import type { PlumbEvent } from '../../core/event.js'
import type { RunResult } from '../../run/index.js'
import type { Ready } from '../ready.js'
import { jsonText, rowsAsJson, rowsAsText } from './rows.js'

interface Subject {
  readonly name: string
  readonly id: string
  readonly inline: boolean
}

function subjectOf({ node }: RunResult): Subject {
  const version = node.resource_type === 'model' ? node.version : null
  return {
    name: version === null ? node.name : `${node.name}.v${version}`,
    id: node.unique_id,
    inline: node.resource_type === 'sql_operation',
  }
}

/** `--show`, `show`: the rows of every result that has some. */
export function printRows(ready: Ready, results: readonly RunResult[]): void {
  for (const result of results)
    if (result.table !== undefined) ready.emit(previewOf(ready, subjectOf(result), result.table))
}

/** Rows as dbt's ShowNode event. */
export function previewOf(ready: Ready, subject: Subject, table: QueryResult): PlumbEvent {
  const json = ready.options.text('output_format') === 'json'
  const preview = json ? jsonText(rowsAsJson(table)) : rowsAsText(table)
  const head = subject.inline ? 'Previewing inline node:\n' : `Previewing node '${subject.name}':\n`
  const msg = json
    ? jsonText(subject.inline ? { show: rowsAsJson(table) } : { node: subject.name, show: rowsAsJson(table) }, 2)
    : `${ready.flags.quiet ? '' : head}${preview.replace(/\n$/, '')}`
  const data = {
    node_name: subject.name,
    preview,
    is_inline: subject.inline,
    output_format: json ? 'json' : 'text',
    unique_id: subject.id,
    quiet: ready.flags.quiet,
  }
  return { name: 'ShowNode', code: 'Q041', level: 'info', msg, data }
}

/** `compile`: the SQL of what was asked for by name. */
export function printCompiled(ready: Ready, results: readonly RunResult[]): void {
  const asked = ready.options.list('select').join(' ')
  for (const result of results) {
    const subject = subjectOf(result)
    if (!subject.inline && !asked.includes(result.node.name)) continue
    const compiled = ('compiled_code' in result.node ? result.node.compiled_code : null) ?? ''
    const json = ready.options.text('output_format') === 'json'
    const head = subject.inline ? 'Compiled inline node is:\n' : `Compiled node '${subject.name}' is:\n`
    const msg = json
      ? JSON.stringify(subject.inline ? { compiled } : { node: subject.name, compiled }, null, 2)
      : `${ready.flags.quiet ? '' : head}${compiled}`
    const data = {
      node_name: subject.name,
      compiled,
      is_inline: subject.inline,
      output_format: json ? 'json' : 'text',
      unique_id: subject.id,
      quiet: ready.flags.quiet,
    }
    ready.emit({ name: 'CompiledNode', code: 'Q042', level: 'info', msg, data })
  }
}
