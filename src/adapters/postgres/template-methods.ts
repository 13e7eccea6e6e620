import { fail } from '../../core/diagnostic.js'
import type { AdapterTemplateMethod, Credentials } from '../adapter.js'
import { indexConfig } from '../index-config.js'
import { argument } from '../template-arguments.js'

/** Keys of an entry of `indexes:`. */
const INDEX_KEYS = ['columns', 'unique', 'type'] as const

/** What dbt-postgres's macros and those of its users call on `adapter`, beyond the methods of every warehouse. */
export function templateMethods(credentials: Credentials): Readonly<Record<string, AdapterTemplateMethod>> {
  return {
    verify_database: (_call, args, kwargs) => verifyDatabase(credentials, argument(args, kwargs, 0, 'database')),
    parse_index: (_call, args, kwargs) => indexConfig(argument(args, kwargs, 0, 'raw_index'), INDEX_KEYS),
    valid_incremental_strategies: () => ['append', 'delete+insert', 'merge', 'microbatch'],
  }
}

/** The same while parsing, when nothing is connected. */
export const parseMethods: Readonly<
  Record<
    string,
    (credentials: Credentials, args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>) => unknown
  >
> = {
  verify_database: (credentials, args, kwargs) => verifyDatabase(credentials, argument(args, kwargs, 0, 'database')),
  parse_index: (_credentials, args, kwargs) => indexConfig(argument(args, kwargs, 0, 'raw_index'), INDEX_KEYS),
}

/** Nothing, when the database is the target's own: PostgreSQL reaches no other. */
function verifyDatabase({ database }: Credentials, given: unknown): string {
  const name = String(given).replace(/^"|"$/g, '')
  if (name.toLowerCase() === database.toLowerCase()) return ''
  fail('runtime', 'cross-database', `Cross-db references not allowed in postgres (${name} vs ${database})`, {
    hint: 'PostgreSQL reads one database at a time: use a foreign data wrapper, or another schema',
  })
}
