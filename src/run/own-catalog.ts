import type { CatalogRow } from '../adapters/adapter.js'
import { type ConnectionHolder, createMacroScope, type SchemaName, type TemplateSession } from '../context/index.js'
import { AgateTable, iterate, toJs, type Value } from '../jinja/index.js'
import type { MacroNode } from '../manifest/index.js'

/**
 * Rows of the catalogue by the project's or a package's own macro, which may stand in for the warehouse's: by relations
 * (`get_catalog_relations`) or by schemas (`get_catalog`), under that name or an adapter's. Undefined when there is none.
 */
export async function ownCatalog(
  session: TemplateSession,
  connection: ConnectionHolder,
  schemas: readonly SchemaName[],
  relations: () => readonly Value[],
): Promise<CatalogRow[] | undefined> {
  const byRelations = replaced(session, 'get_catalog_relations')
  const macro = byRelations ?? replaced(session, 'get_catalog')
  if (macro === undefined) return undefined
  const rows: CatalogRow[] = []
  for (const database of new Set(schemas.map((schema) => schema.database))) {
    const own = schemas.filter((schema) => schema.database === database)
    const information_schema = session.relations.create({ ...own[0]! }).informationSchema(null)
    const scope = createMacroScope(session, macro, { connection })
    const args: Record<string, Value> =
      byRelations === undefined ? { schemas: own.map(({ schema }) => schema) } : { relations: [...relations()] }
    const table = await scope.bind(macro)([], { information_schema, ...args })
    if (table instanceof AgateTable) rows.push(...rowsOf(table))
  }
  return rows
}

/** The macro of this name when it, or what it dispatches to, is not one of ours. */
function replaced({ macros, plugin }: TemplateSession, name: string): MacroNode | undefined {
  const names = [name, `${plugin.type}__${name}`, `default__${name}`]
  const own = names.some((each) => macros.find(each) !== undefined && !macros.isBuiltin(each))
  return own ? macros.find(name) : undefined
}

function rowsOf(table: AgateTable): CatalogRow[] {
  return table.rows.map((row) => {
    const cells = [...iterate(row)]
    const named = Object.fromEntries(table.columnNames.map((name, i) => [name.toLowerCase(), toJs(cells[i] ?? null)]))
    return { ...named, column_index: Number(named['column_index']) } as unknown as CatalogRow
  })
}
