import { getItem, iterate, toStr, type Value } from '../../jinja/index.js'
import type { NodeScope } from '../node-scope.js'
import type { RelationObject } from '../objects/relation.js'
import { runMacro } from '../run-macro.js'
import { schemaCreation, schemaDrop } from '../schema-event.js'
import { named, relationArgument, textArgument } from './arguments.js'
import { type AdapterMethods, no, noList, nothing } from './method.js'

/** `adapter` methods about schemas, and about rights. */
export const schemaMethods: AdapterMethods = {
  create_schema: {
    parse: nothing,
    run: async (scope, args, kwargs) => {
      const relation = schemaArgument(scope, 'create_schema', named('create_schema', ['relation'], args, kwargs)[0])
      scope.emit(schemaCreation(relation))
      await runMacro(scope, 'create_schema', { relation })
      await commit(scope)
      return null
    },
  },
  drop_schema: {
    parse: nothing,
    run: async (scope, args, kwargs) => {
      const relation = schemaArgument(scope, 'drop_schema', named('drop_schema', ['relation'], args, kwargs)[0])
      scope.emit(schemaDrop(relation))
      await runMacro(scope, 'drop_schema', { relation })
      await commit(scope)
      scope.session.relationCache.dropSchema(relation.database, relation.schema)
      return null
    },
  },
  check_schema_exists: {
    parse: no,
    run: async (scope, args, kwargs) => {
      const [database, schema] = named('check_schema_exists', ['database', 'schema'], args, kwargs)
      const information_schema = scope.session.relations
        .create({ database: textArgument(database), schema: textArgument(schema), identifier: 'INFORMATION_SCHEMA' })
        .informationSchema(null)
      const table = await runMacro(scope, 'check_schema_exists', { information_schema, schema })
      const [row] = iterate(table)
      return Number(toStr(getItem(row, 0))) > 0
    },
  },
  list_schemas: {
    parse: noList,
    run: async (scope, args, kwargs) => {
      const [database] = named('list_schemas', ['database'], args, kwargs)
      const table = await runMacro(scope, 'list_schemas', { database })
      return [...iterate(table)].map((row) => getItem(row, 0))
    },
  },
  standardize_grants_dict: {
    run: (_scope, args, kwargs) => {
      const [table] = named('standardize_grants_dict', ['grants_table'], args, kwargs)
      const grants: Record<string, Value[]> = {}
      for (const row of iterate(table)) {
        const privilege = toStr(getItem(row, 'privilege_type'))
        ;(grants[privilege] ??= []).push(getItem(row, 'grantee'))
      }
      return grants
    },
  },
}

function schemaArgument(scope: NodeScope, method: string, value: Value): RelationObject {
  return relationArgument(scope, method, 'relation', value).withoutIdentifier()
}

async function commit(scope: NodeScope): Promise<void> {
  const connection = scope.connection?.current
  if (connection?.inTransaction) await connection.commit()
}
