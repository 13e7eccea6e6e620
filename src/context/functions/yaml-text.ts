import { isMapping, mappingEntries, PyFloat, toStr, type Value } from '../../jinja/index.js'
import { resolvePlainScalar } from '../../project/yaml/scalars.js'

/** `yaml.safe_dump(value, sort_keys=...)`: block style, lists not indented, text quoted only where it must be. */
export function yamlText(value: Value, sortKeys: boolean): string {
  const block = node(value, sortKeys)
  return block.inline ? `${block.lines[0]}\n${isCollection(value) ? '' : '...\n'}` : `${block.lines.join('\n')}\n`
}

interface Block {
  readonly lines: readonly string[]
  /** Fits behind a key on the same line. */
  readonly inline: boolean
}

function node(value: Value, sortKeys: boolean): Block {
  if (Array.isArray(value)) {
    if (value.length === 0) return { lines: ['[]'], inline: true }
    const items = Array.from(value as readonly Value[], (item) => node(item, sortKeys))
    return {
      lines: items.flatMap(({ lines }) => lines.map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`))),
      inline: false,
    }
  }
  if (isMapping(value)) return mapping(Array.from(mappingEntries(value)), sortKeys)
  return { lines: scalar(value).split('\n'), inline: true }
}

function mapping(entries: [Value, Value][], sortKeys: boolean): Block {
  if (entries.length === 0) return { lines: ['{}'], inline: true }
  if (sortKeys) entries.sort(([a], [b]) => (toStr(a) < toStr(b) ? -1 : 1))
  const lines = entries.flatMap(([key, item]) => {
    const block = node(item, sortKeys)
    const head = `${scalar(key)}:`
    if (block.inline)
      return [`${head} ${block.lines[0]}`, ...block.lines.slice(1).map((line) => (line === '' ? '' : `  ${line}`))]
    return [head, ...block.lines.map((line) => (Array.isArray(item) ? line : `  ${line}`))]
  })
  return { lines, inline: false }
}

function scalar(value: Value): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (value instanceof PyFloat) return toStr(value).replace('inf', '.inf').replace('nan', '.nan')
  if (typeof value !== 'string') return toStr(value)
  if (value === '') return "''"
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(value)) return JSON.stringify(value)
  if (value.includes('\n')) return `'${value.replaceAll("'", "''").replaceAll('\n', '\n\n')}'`
  return mustQuote(value) ? `'${value.replaceAll("'", "''")}'` : value
}

/** Would the text mean something else, or nothing, without quotes. */
function mustQuote(text: string): boolean {
  if (typeof resolvePlainScalar(text) !== 'string' || text === '=' || text === '<<') return true
  if (/^[-?:](?:\s|$)|^[,[\]{}#&*!|>'"%@`]|^(?:---|\.\.\.)|^\s|\s$/.test(text)) return true
  return /: |:$| #/.test(text)
}

function isCollection(value: Value): boolean {
  return Array.isArray(value) || isMapping(value)
}
