import type { SchemaDatabase, SchemaTableToMake } from '../../adapters/adapter.js'
import type { GraphNode, UniqueId } from '../../manifest/index.js'

/**
 * Tables that are known, and made when a statement is about to read them: half of a project's tables nobody reads, and
 * those one statement needs are made in one go.
 */
export class PendingTables {
  readonly #database: SchemaDatabase
  readonly #pending = new Map<UniqueId, SchemaTableToMake>()
  readonly #known = new Set<UniqueId>()

  constructor(database: SchemaDatabase) {
    this.#database = database
  }

  add(node: GraphNode, columns: SchemaTableToMake['columns']): void {
    const relation = relationOf(node)
    if (relation === undefined) return
    this.#pending.set(node.unique_id, { relation, columns })
    this.#known.add(node.unique_id)
  }

  /** Is the table known, made or not? */
  has(id: UniqueId): boolean {
    return this.#known.has(id)
  }

  /** Makes those of these ids that are not there yet. */
  async make(ids: Iterable<UniqueId>): Promise<void> {
    const tables: SchemaTableToMake[] = []
    for (const id of ids) {
      const table = this.#pending.get(id)
      if (table === undefined) continue
      tables.push(table)
      this.#pending.delete(id)
    }
    await this.#database.createTables(tables)
  }

  /** Makes all that are left; false when none were. */
  async makeAll(): Promise<boolean> {
    if (this.#pending.size === 0) return false
    await this.make([...this.#pending.keys()])
    return true
  }
}

function relationOf(node: GraphNode): SchemaTableToMake['relation'] | undefined {
  if (node.resource_type === 'source')
    return { database: node.database, schema: node.schema, identifier: node.identifier }
  return 'alias' in node && 'database' in node
    ? { database: node.database, schema: node.schema, identifier: node.alias }
    : undefined
}
