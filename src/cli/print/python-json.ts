import { PyFloat, toStr } from '../../jinja/index.js'

/**
 * A value as Python's `json.dumps` writes it: a blank behind `,` and `:`, nothing but ASCII, 1.0 for a whole float. What
 * scripts find with grep in the lines of `dbt ls --output json`, they find in ours.
 */
export function pythonJson(value: unknown): string {
  if (value instanceof PyFloat) return Number.isFinite(value.value) ? toStr(value) : 'null'
  if (typeof value === 'string') return asciiText(value)
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  return `{${entries.map(([key, each]) => `${asciiText(key)}: ${pythonJson(each)}`).join(', ')}}`
}

function asciiText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
