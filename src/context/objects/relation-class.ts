import type { AdapterPlugin, Dialect } from '../../adapters/adapter.js'
import type { RelationInfo, RelationType } from '../../adapters/relation.js'
import { type HostObject, py, type Value } from '../../jinja/index.js'
import type { DeferRelation, FunctionNode, ManifestNode, Quoting, SourceDefinition } from '../../manifest/index.js'
import type { UnitTestNode } from '../subject.js'
import type { EventTimeFilter } from './event-time-filter.js'
import { RelationObject } from './relation.js'
import { relationClassAttribute } from './relation-class-attributes.js'
import { ALL_PARTS, changedPolicy, ephemeralName, type Policy, type RelationState } from './relation-state.js'

/** What a reference adds to the relation it names. */
export interface RelationLimits {
  readonly limit?: number | null
  readonly eventTimeFilter?: EventTimeFilter | null
  readonly type?: RelationType | null
}

type PartialQuoting = { readonly [P in keyof Quoting]?: boolean | null | undefined }

/** Nodes with a relation of their own. */
export type RelationalNode = ManifestNode | FunctionNode | UnitTestNode

/** `api.Relation`: makes relations with the warehouse's and the project's quoting. */
export class RelationClass implements HostObject {
  readonly dialect: Dialect
  /** Name of the class of its relations in messages. */
  readonly objectName: string
  /** The same with its Python module. */
  readonly qualifiedName: string
  /** Default quoting of the warehouse. */
  readonly dialectQuoting: Policy
  /** The same with `quoting:` of the root project. */
  readonly projectQuoting: Policy
  readonly [py.typeName] = 'RelationProxy'

  constructor(
    readonly plugin: AdapterPlugin,
    projectQuoting: PartialQuoting,
  ) {
    this.dialect = plugin.dialect
    this.objectName = `${plugin.pythonName ?? 'Base'}Relation`
    this.qualifiedName = `dbt.adapters.${plugin.type}.relation.${this.objectName}`
    this.dialectQuoting = plugin.dialect.quoting
    this.projectQuoting = changedPolicy(this.dialectQuoting, projectQuoting)
  }

  /** A relation from scratch, quoted as the project says; `state` overrides. */
  create(name: Partial<RelationInfo>, state: Partial<RelationState> = {}): RelationObject {
    return new RelationObject(this, {
      database: name.database ?? null,
      schema: name.schema ?? null,
      identifier: name.identifier ?? null,
      type: name.type ?? null,
      include: ALL_PARTS,
      quote: this.projectQuoting,
      dbtCreated: false,
      limit: null,
      eventTimeFilter: null,
      requireAlias: this.dialect.subqueryNeedsAlias ?? true,
      location: null,
      catalog: null,
      ...state,
    })
  }

  /** The relation of a node, quoted as its own config and the project say. */
  ofNode(node: RelationalNode | DeferRelation, limits: RelationLimits = {}): RelationObject {
    const name = { database: node.database, schema: node.schema, identifier: node.alias, type: limits.type ?? null }
    const quoting = node.config?.quoting
    return this.create(name, {
      quote: quoting == null ? this.projectQuoting : changedPolicy(this.projectQuoting, quoting),
      limit: limits.limit ?? null,
      eventTimeFilter: limits.eventTimeFilter ?? null,
      catalog: typeof node.config?.['catalog'] === 'string' ? node.config['catalog'] : null,
    })
  }

  /** The relation of a source: quoted as the source says, not as the project says. */
  ofSource(source: SourceDefinition, execute: boolean, limits: RelationLimits = {}): RelationObject {
    const name = { database: source.database, schema: source.schema, identifier: source.identifier }
    return this.create(name, {
      quote: changedPolicy(this.dialectQuoting, source.quoting),
      limit: limits.limit ?? null,
      eventTimeFilter: limits.eventTimeFilter ?? null,
      location: this.plugin.renderSource?.(source, { execute }) ?? null,
    })
  }

  /** A user-defined function, quoted as its own config says and not as the project does. */
  ofFunction(node: FunctionNode | DeferRelation, limits: RelationLimits = {}): RelationObject {
    const name = { database: node.database, schema: node.schema, identifier: node.alias, type: 'function' as const }
    const quoting = node.config?.quoting
    return this.create(name, {
      quote: quoting == null ? this.dialectQuoting : changedPolicy(this.dialectQuoting, quoting),
      limit: limits.limit ?? null,
      eventTimeFilter: limits.eventTimeFilter ?? null,
    })
  }

  /** The common table expression that stands for an ephemeral model (or a fixture): `__dbt__cte__name`. */
  ephemeral(identifier: string, limits: RelationLimits = {}): RelationObject {
    return this.create(
      { identifier: ephemeralName(identifier), type: 'cte' },
      {
        quote: { ...this.projectQuoting, identifier: false },
        limit: limits.limit ?? null,
        eventTimeFilter: limits.eventTimeFilter ?? null,
      },
    )
  }

  quoted(identifier: string): string {
    return this.dialect.quoteIdentifier(identifier)
  }

  /** What relation objects inherit from their class: `relation.create(...)`, then without the project's quoting. */
  shared(name: string): Value {
    return relationClassAttribute(this, this.dialectQuoting, name)
  }

  [py.getattr](name: string): Value {
    return relationClassAttribute(this, this.projectQuoting, name)
  }

  [py.str](): string {
    return `<class '${this.objectName}'>`
  }
}
