import { fail, PlumbError } from '../../core/diagnostic.js'
import { getItem, isMapping, isUndefined, iterate, toStr, type Value } from '../../jinja/index.js'
import { findRelation } from '../find-relation.js'
import type { NodeScope } from '../node-scope.js'
import { ColumnObject } from '../objects/column.js'
import type { RelationObject } from '../objects/relation.js'
import { runMacro } from '../run-macro.js'
import { referenceKey } from '../schema-event.js'
import { named, relationArgument, textArgument } from './arguments.js'
import { type AdapterMethods, no, noList, nothing } from './method.js'

/** `adapter` methods about relations and their columns. Changes go through macros, which projects may replace. */
export const relationMethods: AdapterMethods = {
  get_relation: {
    parse: nothing,
    run: (scope, args, kwargs) => {
      const [database, schema, identifier] = named('get_relation', ['database', 'schema', 'identifier'], args, kwargs)
      const name = {
        database: textArgument(database),
        schema: textArgument(schema),
        identifier: textArgument(identifier),
      }
      const found = findRelation(scope, name)
      return found instanceof Promise ? found.then((relation) => relation ?? null) : (found ?? null)
    },
  },
  already_exists: {
    parse: no,
    run: async (scope, args, kwargs) => {
      const [schema, name] = named('already_exists', ['schema', 'name'], args, kwargs)
      const { database } = scope.session.credentials
      return (
        (await findRelation(scope, { database, schema: textArgument(schema), identifier: textArgument(name) })) !==
        undefined
      )
    },
  },
  drop_relation: {
    parse: nothing,
    run: async (scope, args, kwargs) => {
      const relation = relationArgument(
        scope,
        'drop_relation',
        'relation',
        named('drop_relation', ['relation'], args, kwargs)[0],
      )
      if (relation.type === null) {
        fail('compilation', 'relation-type-null', `Tried to drop relation ${relation}, but its type is null.`)
      }
      scope.session.relationCache.drop(relation)
      await runMacro(scope, 'drop_relation', { relation })
      return null
    },
  },
  truncate_relation: {
    parse: nothing,
    run: async (scope, args, kwargs) => {
      const [relation] = named('truncate_relation', ['relation'], args, kwargs)
      await runMacro(scope, 'truncate_relation', { relation })
      return null
    },
  },
  rename_relation: {
    parse: nothing,
    run: async (scope, args, kwargs) => {
      const [from, to] = named('rename_relation', ['from_relation', 'to_relation'], args, kwargs)
      const from_relation = relationArgument(scope, 'rename_relation', 'from_relation', from)
      const to_relation = relationArgument(scope, 'rename_relation', 'to_relation', to)
      scope.session.relationCache.rename(from_relation, to_relation)
      await runMacro(scope, 'rename_relation', { from_relation, to_relation })
      return null
    },
  },
  get_columns_in_relation: {
    parse: noList,
    run: (scope, args, kwargs) => columnsOf(scope, named('get_columns_in_relation', ['relation'], args, kwargs)[0]),
  },
  get_columns_in_table: {
    parse: noList,
    run: (scope, args, kwargs) => {
      const [schema, identifier] = named('get_columns_in_table', ['schema', 'identifier'], args, kwargs)
      const { database } = scope.session.credentials
      const name = { database, schema: textArgument(schema), identifier: textArgument(identifier) }
      return columnsOf(scope, scope.session.relations.create(name))
    },
  },
  get_missing_columns: {
    parse: noList,
    run: async (scope, args, kwargs) => {
      const [from, to] = relationPair(scope, 'get_missing_columns', args, kwargs)
      const known = new Set((await columnList(scope, to)).map((column) => column.name))
      return (await columnList(scope, from)).filter((column) => !known.has(column.name))
    },
  },
  expand_target_column_types: {
    parse: nothing,
    run: async (scope, args, kwargs) => {
      const [from, to] = relationPair(scope, 'expand_target_column_types', args, kwargs)
      await expandColumnTypes(scope, from, to)
      return null
    },
  },
  valid_snapshot_target: {
    parse: nothing,
    run: async (scope, args, kwargs) => {
      const params = ['relation', 'column_names']
      const [given, columnNames] = named('valid_snapshot_target', params, args, kwargs, { column_names: null })
      const relation = relationArgument(scope, 'valid_snapshot_target', 'relation', given)
      failMissing(await missingColumns(scope, relation, columnNames, SNAPSHOT_COLUMNS))
      return null
    },
  },
  assert_valid_snapshot_target_given_strategy: {
    parse: nothing,
    run: async (scope, args, kwargs) => {
      const method = 'assert_valid_snapshot_target_given_strategy'
      const [given, columnNames, strategy] = named(method, ['relation', 'column_names', 'strategy'], args, kwargs)
      const relation = relationArgument(scope, method, 'relation', given)
      const keepsDeleted = isMapping(strategy) && getItem(strategy, 'hard_deletes') === 'new_record'
      const wanted = keepsDeleted ? [...SNAPSHOT_COLUMNS, 'dbt_is_deleted'] : SNAPSHOT_COLUMNS
      failMissing(await missingColumns(scope, relation, columnNames, wanted))
      return null
    },
  },
}

const SNAPSHOT_COLUMNS: readonly string[] = ['dbt_scd_id', 'dbt_valid_from', 'dbt_valid_to']

function relationPair(
  scope: NodeScope,
  method: string,
  args: readonly Value[],
  kwargs: Readonly<Record<string, Value>>,
): [RelationObject, RelationObject] {
  const [from, to] = named(method, ['from_relation', 'to_relation'], args, kwargs)
  return [relationArgument(scope, method, 'from_relation', from), relationArgument(scope, method, 'to_relation', to)]
}

/** The relation's columns as the macro `get_columns_in_relation` gives them; none when the relation is not there. */
async function columnsOf(scope: NodeScope, relation: Value): Promise<Value> {
  try {
    return await runMacro(scope, 'get_columns_in_relation', { relation })
  } catch (error) {
    const missing = error instanceof PlumbError && /does not exist/i.test(error.message)
    if (missing && scope.session.plugin.dialect.failsOnMissingRelation === true) return []
    throw error
  }
}

async function columnList(scope: NodeScope, relation: RelationObject): Promise<ColumnObject[]> {
  const columns = await columnsOf(scope, relation)
  return [...iterate(columns)].filter((column): column is ColumnObject => column instanceof ColumnObject)
}

/** Widens text columns of `current` that are too narrow for what `goal` holds. */
async function expandColumnTypes(scope: NodeScope, goal: RelationObject, current: RelationObject): Promise<void> {
  const existing = new Map((await columnList(scope, current)).map((column) => [column.name, column]))
  for (const wanted of await columnList(scope, goal)) {
    const column = existing.get(wanted.name)
    if (column === undefined || !column.canExpandTo(wanted)) continue
    const type = `character varying(${wanted.stringSize()})`
    const msg = `Changing col type from ${column.dataType} to ${type} in table ${current}`
    scope.emit({
      name: 'ColTypeChange',
      code: 'E019',
      level: 'debug',
      msg,
      data: { orig_type: column.dataType, new_type: type, table: referenceKey(current) },
    })
    await runMacro(scope, 'alter_column_type', { relation: current, column_name: wanted.name, new_column_type: type })
  }
}

async function missingColumns(
  scope: NodeScope,
  relation: RelationObject,
  columnNames: Value,
  wanted: readonly string[],
): Promise<string[]> {
  const names = new Set((await columnList(scope, relation)).map((column) => column.name.toLowerCase()))
  return wanted
    .map((column) => {
      const renamed = isMapping(columnNames) ? getItem(columnNames, column) : column
      return renamed === null || isUndefined(renamed) ? '' : toStr(renamed)
    })
    .filter((name) => name !== '' && !names.has(name.toLowerCase()))
}

function failMissing(missing: readonly string[]): void {
  if (missing.length === 0) return
  fail(
    'compilation',
    'snapshot-target',
    `Snapshot target is missing configured columns (missing "${missing.join('", "')}"). ` +
      'See https://docs.getdbt.com/docs/build/snapshots#snapshot-meta-fields for more information.',
  )
}
