import { fail } from '../../core/diagnostic.js'
import { AgateTable, getAttr, getItem, isMapping, isUndefined, toStr, type Value } from '../../jinja/index.js'
import { agateFamily } from '../agate-result.js'
import { classOf } from '../functions/python-words.js'
import { NAME_PARTS } from '../objects/relation-state.js'
import { named } from './arguments.js'
import { type AdapterMethods, nothing } from './method.js'

/** `adapter` methods that are only about text and types: the same at parse and at run. */
export const textMethods: AdapterMethods = {
  type: { run: (scope) => scope.session.plugin.type },
  quote: {
    run: (scope, args, kwargs) =>
      scope.session.plugin.dialect.quoteIdentifier(toStr(named('quote', ['identifier'], args, kwargs)[0])),
  },
  quote_as_configured: {
    run: (scope, args, kwargs) => {
      const [identifier, key] = named('quote_as_configured', ['identifier', 'quote_key'], args, kwargs)
      const part = NAME_PARTS.find((p) => p === key)
      const { plugin, relations } = scope.session
      const text = toStr(identifier)
      return part !== undefined && relations.projectQuoting[part] ? plugin.dialect.quoteIdentifier(text) : text
    },
  },
  quote_seed_column: {
    run: (scope, args, kwargs) => {
      const [column, quoted] = named('quote_seed_column', ['column', 'quote_config'], args, kwargs)
      if (quoted !== null && typeof quoted !== 'boolean') {
        fail(
          'compilation',
          'quote-columns-type',
          `The seed configuration value of "quote_columns" has an invalid type ${classOf(quoted)}`,
        )
      }
      const name = toStr(column)
      return quoted === false ? name : scope.session.plugin.dialect.quoteIdentifier(name)
    },
  },
  convert_type: {
    run: (scope, args, kwargs) => {
      const [table, index] = named('convert_type', ['agate_table', 'col_idx'], args, kwargs)
      if (!(table instanceof AgateTable) || typeof index !== 'number') {
        fail('compilation', 'convert-type', "'adapter.convert_type' takes an agate table and the number of a column")
      }
      const family = agateFamily(table, index)
      return family === null ? null : scope.session.plugin.dialect.seedType(family)
    },
  },
  date_function: { run: () => 'now()' },
  valid_incremental_strategies: { run: (scope) => [...scope.session.plugin.dialect.incrementalStrategies] },
  get_incremental_strategy_macro: {
    parse: nothing,
    run: (scope, args, kwargs) => {
      const [context, strategy] = named('get_incremental_strategy_macro', ['model_context', 'strategy'], args, kwargs)
      return strategyMacro(scope.session.plugin.dialect.incrementalStrategies, context, strategy, {
        rootPackage: scope.session.rootPackage,
        microbatchIsBuiltin:
          scope.session.flags.behavior['require_batched_execution_for_custom_microbatch_strategy'] !== true,
      })
    },
  },
  get_hard_deletes_behavior: {
    parse: nothing,
    run: (_scope, args, kwargs) => hardDeletes(named('get_hard_deletes_behavior', ['config'], args, kwargs)[0]),
  },
  build_catalog_relation: {
    run: (_scope, args, kwargs) => {
      const [model] = named('build_catalog_relation', ['model'], args, kwargs)
      const config = getAttr(model, 'config')
      for (const key of ['catalog_name', 'catalog']) {
        const name = isMapping(config) ? getItem(config, key) : null
        if (name !== null && !isUndefined(name)) failCatalog(toStr(name))
      }
      return null
    },
  },
  get_catalog_integration: {
    run: (_scope, args, kwargs) => failCatalog(toStr(named('get_catalog_integration', ['name'], args, kwargs)[0])),
  },
}

/**
 * The macro of an incremental strategy: `delete+insert` is `get_incremental_delete_insert_sql`.
 * @throws PlumbError for a strategy the warehouse does not know, and one without a macro.
 */
function strategyMacro(
  valid: readonly string[],
  context: Value,
  given: Value,
  options: { readonly rootPackage: string; readonly microbatchIsBuiltin: boolean },
): Value {
  const strategy = given === null || isUndefined(given) ? 'default' : toStr(given)
  const builtin = ['append', 'delete+insert', 'merge', 'insert_overwrite']
  if (options.microbatchIsBuiltin) builtin.push('microbatch')
  if (builtin.includes(strategy) && !valid.includes(strategy)) {
    fail('runtime', 'incremental-strategy', `The incremental strategy '${strategy}' is not valid for this adapter`, {
      hint: `this warehouse has: ${valid.join(', ')}`,
    })
  }
  const name = `get_incremental_${strategy.replaceAll('+', '_')}_sql`
  const macro = getItem(context, name)
  if (macro === null || isUndefined(macro)) {
    fail(
      'runtime',
      'incremental-strategy',
      `dbt could not find an incremental strategy macro with the name "${name}" in ${options.rootPackage}`,
      { hint: `this warehouse has: ${valid.join(', ')}; or write the macro ${name}` },
    )
  }
  return macro
}

/** What a snapshot does with rows that are gone from their source. */
function hardDeletes(config: Value): string {
  const read = (key: string): Value => {
    const value = (
      getAttr(config, 'get') as (args: readonly Value[], kwargs: Readonly<Record<string, Value>>) => Value
    )([key, null], {})
    return isUndefined(value) ? null : value
  }
  const invalidate = read('invalidate_hard_deletes')
  const behavior = read('hard_deletes')
  if (invalidate !== null && behavior !== null) {
    fail(
      'runtime',
      'hard-deletes',
      'You cannot set both the invalidate_hard_deletes and hard_deletes config properties on the same snapshot.',
    )
  }
  if (invalidate === true || behavior === 'invalidate') return 'invalidate'
  if (behavior === 'new_record') return 'new_record'
  if (behavior === null || behavior === 'ignore') return 'ignore'
  return fail('runtime', 'hard-deletes', 'Invalid setting for property hard_deletes.', {
    hint: "one of 'ignore', 'invalidate', 'new_record'",
  })
}

function failCatalog(name: string): never {
  fail('runtime', 'catalog-integration', `Catalog not found. Received: ${name}`, {
    hint: 'catalogs.yml is not supported for this warehouse',
  })
}
