import type { Connection } from '../adapter.js'
import type { TemplateRelation } from '../template-arguments.js'

const KEY_KINDS: ReadonlySet<string> = new Set(['primary_key', 'unique', 'foreign_key'])

/**
 * Lets models that are tied by foreign keys be built one at a time: making or dropping such a table changes the table
 * it references too, which DuckDB refuses when both are built at once. All other models pass without waiting.
 */
export class KeyLock {
  #last: Promise<void> = Promise.resolve()
  /** Tables that had keys when the run began, `database.schema.table` in lower case: asked once. */
  #keyed: Promise<ReadonlySet<string>> | null = null

  /** @returns how to let the next one go on, or null for a node without keys. */
  async hold(node: unknown, connection: () => Promise<Connection>): Promise<(() => void) | null> {
    if (!declaresKeys(node) && !(await this.#hasKeys(node, connection))) return null
    const before = this.#last
    let letGo: () => void = () => {}
    this.#last = new Promise((resolve) => {
      letGo = resolve
    })
    await before
    return letGo
  }

  async #hasKeys(node: unknown, connection: () => Promise<Connection>): Promise<boolean> {
    const { database, schema, alias } = node as TemplateRelation & { alias?: string }
    if (!database || !schema || !alias) return false
    this.#keyed ??= readKeyedTables(connection)
    return (await this.#keyed).has(`${database}.${schema}.${alias}`.toLowerCase())
  }
}

async function readKeyedTables(connection: () => Promise<Connection>): Promise<ReadonlySet<string>> {
  const result = await (await connection()).execute(
    `select distinct lower(database_name || '.' || schema_name || '.' || table_name) from duckdb_constraints()
     where constraint_type in ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY')`,
    { fetch: true },
  )
  return new Set(result.data[0]?.map(String))
}

interface Constrained {
  readonly contract?: { readonly enforced?: boolean }
  readonly constraints?: readonly { readonly type: string }[]
  readonly columns?: Readonly<Record<string, { readonly constraints?: readonly { readonly type: string }[] }>>
}

/** Does an enforced contract declare primary, unique or foreign keys. */
function declaresKeys(node: unknown): boolean {
  const { contract, constraints, columns } = node as Constrained
  if (contract?.enforced !== true) return false
  const all = [...(constraints ?? []), ...Object.values(columns ?? {}).flatMap((column) => column.constraints ?? [])]
  return all.some((constraint) => KEY_KINDS.has(constraint.type))
}
