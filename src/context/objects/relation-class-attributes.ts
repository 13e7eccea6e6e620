import { fail } from '../../core/diagnostic.js'
import {
  bindArguments,
  getAttr,
  type HostFunction,
  isUndefined,
  type Kwargs,
  toStr,
  type Value,
} from '../../jinja/index.js'
import type { RelationClass } from './relation-class.js'
import { namePart, policyOf } from './relation-parts.js'
import { ALL_PARTS, changedPolicy, ephemeralName, NAME_PARTS, type Policy } from './relation-state.js'
import { RELATION_TYPES, relationTypeOf } from './relation-types.js'

type ClassMethod = (cls: RelationClass, quoting: Policy, args: readonly Value[], kwargs: Kwargs) => Value

const CLASS_METHODS: Readonly<Record<string, ClassMethod>> = {
  create: (cls, quoting, args, kwargs) => {
    const [database, schema, identifier, type] = bindArguments(
      'create',
      ['database', 'schema', 'identifier', 'type'],
      args,
      Object.fromEntries(Object.entries(kwargs).filter(([key]) => CREATE_NAMES.has(key))),
      { database: null, schema: null, identifier: null, type: null },
    )
    return cls.create(
      {
        database: namePart('database', database),
        schema: namePart('schema', schema),
        identifier: namePart('identifier', identifier),
        type: relationTypeOf(type),
      },
      {
        quote: changedPolicy(quoting, policyOf(kwargs['quote_policy'])),
        include: changedPolicy(ALL_PARTS, policyOf(kwargs['include_policy'])),
        limit: typeof kwargs['limit'] === 'number' ? kwargs['limit'] : null,
        dbtCreated: kwargs['dbt_created'] === true,
        catalog: typeof kwargs['catalog'] === 'string' ? kwargs['catalog'] : null,
        location: typeof kwargs['external'] === 'string' ? kwargs['external'] : null,
      },
    )
  },
  create_from: (cls, quoting, args, kwargs) => {
    const node = args[1] ?? kwargs['relation_config']
    const text = (name: string): string | null => {
      const value = getAttr(node, name)
      return value === null || isUndefined(value) ? null : toStr(value)
    }
    return cls.create(
      {
        database: text('database'),
        schema: text('schema'),
        identifier: text('identifier') ?? text('alias') ?? text('name'),
        type: relationTypeOf(kwargs['type'] ?? null),
      },
      { quote: changedPolicy(quoting, policyOf(kwargs['quote_policy'])) },
    )
  },
  create_ephemeral_from: (cls, _quoting, args) => {
    const identifier = getAttr(args[0], 'identifier')
    return cls.ephemeral(toStr(isUndefined(identifier) ? getAttr(args[0], 'alias') : identifier))
  },
  add_ephemeral_prefix: (_cls, _quoting, args) => ephemeralName(toStr(args[0])),
  scd_args: (_cls, _quoting, args) => {
    const [key, updatedAt] = args
    return [...(Array.isArray(key) ? key : [key]), updatedAt]
  },
  get_default_quote_policy: (cls) => ({ ...cls.dialectQuoting }),
  get_default_include_policy: () => ({ ...ALL_PARTS }),
  get_relation_type: (_cls, _quoting, args) =>
    relationTypeOf(args[0]) ?? fail('compilation', 'relation-type', 'None is not a valid RelationType'),
}

const CREATE_NAMES: ReadonlySet<string> = new Set([...NAME_PARTS, 'type'])

/** An attribute of `api.Relation`, or undefined. */
export function relationClassAttribute(cls: RelationClass, quoting: Policy, name: string): Value {
  if (Object.hasOwn(RELATION_TYPES, name)) return RELATION_TYPES[name]
  const method = Object.hasOwn(CLASS_METHODS, name) ? CLASS_METHODS[name] : undefined
  if (method === undefined) return undefined
  return ((args, kwargs) => method(cls, quoting, args, kwargs)) satisfies HostFunction
}
