import { parseTemplate, walkExpressions } from '../../jinja/index.js'
import type { Settings } from '../config/merge.js'

/**
 * The settings of a template's `config(...)` call as text of the template, by name: what they are made from, whatever
 * it comes to. Undefined without such a call. For comparing states where what vars and the environment change shall
 * not count.
 */
export function configAsWritten(source: string, file: string): Settings | undefined {
  if (!source.includes('config(')) return undefined
  let written: Settings | undefined
  walkExpressions(parseTemplate(source, { file }).body, (node) => {
    if (written !== undefined || node.kind !== 'call') return
    if (node.callee.kind !== 'name' || node.callee.name !== 'config') return
    written = Object.fromEntries(
      node.call.kwargs.map(({ name, value }) => [name, source.slice(value.start, value.end).replace(/\s+/g, ' ')]),
    )
  })
  return written
}
