import type { Node } from 'libpg-query'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import { findTable, noSuchTable, type ServedRelations } from '../relations/served.js'
import { namesOf, walk } from './ast.js'

/** Who answers a select: the warehouse, the catalogue, or the one of them that can. */
export type Route = 'data' | 'catalogue' | 'either'

const CATALOGUE_SCHEMAS: ReadonlySet<string> = new Set(['pg_catalog', 'information_schema', 'pg_toast'])

/** Types that name objects of the catalogue. */
const CATALOGUE_TYPES = /^reg(class|type|proc|procedure|oper|operator|namespace|role|config|dictionary|collation)$/

/** Functions of the catalogue: what they tell is in no table of the warehouse. */
const CATALOGUE_FUNCTION =
  /^(pg_|has_|to_reg|obj_description|col_description|shobj_description|format_type|_pg_|current_schemas|current_setting|inet_|txid_|quote_|array_(upper|lower|position|positions|to_string)|unnest|generate_s|version$|row_to_json|json_|jsonb_|set_config|format$|aclexplode|acldefault|string_to_array)/

/**
 * Decides by the relations and functions a select names, as PostgreSQL's parser sees them.
 * @throws WireError `42P01` for names that nobody knows, `0A000` when catalogue and data are asked together.
 */
export function routeSelect(
  node: Node,
  served: ServedRelations,
  searchPath: readonly string[],
  isCall: (name: string) => boolean,
): Route {
  const ctes = new Set<string>()
  const relations: { schema: string | undefined; name: string; location: number | undefined }[] = []
  let catalogue = false
  let functions = false
  walk(node, (kind, each) => {
    if (kind === 'CommonTableExpr') ctes.add(String(each['ctename']))
    if (kind === 'RangeVar') {
      const { schemaname, relname, location } = each as { schemaname?: string; relname?: string; location?: number }
      relations.push({ schema: schemaname, name: relname ?? '', location })
    }
    if (kind === 'RangeFunction') catalogue = true
    if (kind === 'FuncCall') {
      const path = namesOf((each as { funcname?: Node[] }).funcname)
      const name = path.at(-1)?.toLowerCase() ?? ''
      if (CATALOGUE_FUNCTION.test(name)) functions = true
      else if (path.length > 1 && path[0] === 'information_schema') functions = true
    }
    if (kind === 'TypeCast') {
      const { typeName } = each as { typeName?: { names?: Node[] } }
      if (CATALOGUE_TYPES.test(namesOf(typeName?.names).at(-1) ?? '')) functions = true
    }
  })
  let data: string | undefined
  let system: string | undefined
  for (const { schema, name, location } of relations) {
    if (schema === undefined && (ctes.has(name) || isCall(name))) {
      if (isCall(name)) data = name
      continue
    }
    if (schema !== undefined && CATALOGUE_SCHEMAS.has(schema.toLowerCase())) system = name
    // Without a schema PostgreSQL looks into pg_catalog first.
    else if (schema === undefined && /^pg_/.test(name)) system = name
    else if (findTable(served, schema, name, searchPath) !== undefined) data = name
    else noSuchTable(served, schema, name, location)
  }
  if (data !== undefined && system !== undefined) {
    refuse(
      SQLSTATE.featureNotSupported,
      `"${system}" of the catalogue and the data of "${data}" cannot be asked in one statement`,
      {
        hint: 'ask them one after the other',
      },
    )
  }
  if (data !== undefined) return 'data'
  if (system !== undefined || catalogue || functions) return 'catalogue'
  return 'either'
}
