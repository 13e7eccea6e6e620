import { fail } from '../../core/diagnostic.js'
import { stringLiteral } from './dialect.js'

/** One entry of `attach:`; field names as in the profile. */
export interface Attachment {
  readonly path: string
  readonly type: string | null
  readonly alias: string | null
  readonly secret: string | null
  readonly read_only: boolean
  readonly options: Readonly<Record<string, unknown>>
  readonly is_ducklake: boolean
}

/**
 * Reads `attach:`.
 * @throws PlumbError `duckdb-attach` for entries without a path, or an option given twice.
 */
export function readAttachments(value: unknown): Attachment[] {
  if (!Array.isArray(value)) fail('profile', 'duckdb-attach', "'attach' must be a list of databases, each with a path")
  return value.map((entry: unknown) => {
    const given = (typeof entry === 'object' && entry !== null ? entry : { path: undefined }) as Record<string, unknown>
    if (typeof given['path'] !== 'string') fail('profile', 'duckdb-attach', "Every entry of 'attach' needs a 'path'")
    const options = (
      typeof given['options'] === 'object' && given['options'] !== null ? given['options'] : {}
    ) as Record<string, unknown>
    const attachment: Attachment = {
      path: given['path'],
      type: text(given['type']),
      alias: text(given['alias']),
      secret: text(given['secret']),
      read_only: given['read_only'] === true || given['read_only'] === 'true',
      options,
      is_ducklake: given['is_ducklake'] === true,
    }
    const twice = (['type', 'secret', 'read_only'] as const).filter((key) => attachment[key] && key in options)
    if (twice.length > 0) {
      fail(
        'profile',
        'duckdb-attach',
        `Attachment option(s) [${twice.map((key) => `'${key}'`).join(', ')}] specified in both direct fields and options dict. ` +
          'Please specify each option in only one location.',
      )
    }
    return attachment
  })
}

/** `ATTACH IF NOT EXISTS '...' AS alias (TYPE x, READ_ONLY, ...)`. `resolvePath` makes file paths absolute. */
export function attachSql(attachment: Attachment, resolvePath: (path: string) => string): string {
  const options: string[] = []
  const type = attachment.type ?? text(attachment.options['type'])
  if (type !== null) options.push(`TYPE ${type}`)
  const secret = attachment.secret ?? text(attachment.options['secret'])
  if (secret !== null) options.push(`SECRET ${secret}`)
  if (attachment.read_only || attachment.options['read_only']) options.push('READ_ONLY')
  for (const [key, value] of Object.entries(attachment.options)) {
    if (key === 'type' || key === 'secret' || key === 'read_only') continue
    const option = attachOption(key.toUpperCase(), value)
    if (option !== null) options.push(option)
  }
  const alias = attachment.alias === null ? '' : ` AS ${attachment.alias}`
  const list = options.length === 0 ? '' : ` (${options.join(', ')})`
  // Only DuckDB's own files live in the project; `type: postgres` has a connection string in place of a path.
  const path = type === null || type.toLowerCase() === 'duckdb' ? resolvePath(attachment.path) : attachment.path
  return `ATTACH IF NOT EXISTS ${stringLiteral(path)}${alias}${list}`
}

/** A flag stands alone and only when it is set; text is quoted unless the user did so; null is left out. */
function attachOption(key: string, value: unknown): string | null {
  if (typeof value === 'boolean') return value ? key : null
  if (value === null || value === undefined) return null
  if (typeof value !== 'string') return `${key} ${String(value)}`
  const quoted = /^\s*(?:'.*'|".*")\s*$/s.test(value)
  return quoted ? `${key} ${value}` : `${key} ${stringLiteral(value)}`
}

function text(value: unknown): string | null {
  return value === undefined || value === null ? null : String(value)
}
