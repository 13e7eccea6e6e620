import type { RelationInfo, RelationType } from '../../adapters/relation.js'
import { fail } from '../../core/diagnostic.js'
import { type HostObject, py, type Value } from '../../jinja/index.js'
import { renderEventTimeFilter } from './event-time-filter.js'
import { relationAttribute } from './relation-attributes.js'
import type { RelationClass } from './relation-class.js'
import { NAME_PARTS, type NamePart, type RelationState, sameRelation } from './relation-state.js'

/** A relation as templates hold it: `this`, the answer of `ref()`, `api.Relation.create(...)`. Immutable. */
export class RelationObject implements HostObject, RelationInfo {
  #rendered: string | undefined

  constructor(
    readonly relationClass: RelationClass,
    readonly state: RelationState,
  ) {
    const limit = relationClass.dialect.maxIdentifierLength
    const { identifier, type } = state
    if (limit !== null && identifier !== null && type !== null && identifier.length > limit) {
      fail('runtime', 'relation-name-too-long', `Relation name '${identifier}' is longer than ${limit} characters`, {
        hint: `give the resource a shorter name, or an alias: {{ config(alias='...') }}`,
      })
    }
  }

  get database(): string | null {
    return this.state.database
  }

  get schema(): string | null {
    return this.state.schema
  }

  get identifier(): string | null {
    return this.state.identifier
  }

  get type(): RelationType | null {
    return this.state.type
  }

  /** The same relation with some of its state replaced. */
  with(changes: Partial<RelationState>): RelationObject {
    return new RelationObject(this.relationClass, { ...this.state, ...changes })
  }

  /** The name as SQL: parts that are included, quoted where the policy says so. Never a subquery. */
  render(): string {
    this.#rendered ??= this.#renderName()
    return this.#rendered
  }

  /** The name, or a subquery of no or few rows when a limit is set (`--empty`). */
  renderLimited(): string {
    const { limit } = this.state
    const name = this.render()
    if (limit === null) return name
    if (limit === 0) return `(select * from ${name} where false limit 0)${this.#alias('limit')}`
    return `(select * from ${name} limit ${limit})${this.#alias('limit')}`
  }

  /** `rendered` (or the name) within a subquery of the rows in the time window, when there is one. */
  renderEventTimeFiltered(rendered: string = this.render()): string {
    const { eventTimeFilter } = this.state
    const condition = eventTimeFilter === null ? '' : renderEventTimeFilter(eventTimeFilter)
    if (condition === '') return rendered
    return `(select * from ${rendered} where ${condition})${this.#alias('et_filter')}`
  }

  /** What `{{ relation }}` prints. */
  toString(): string {
    if (this.type === 'function') return this.render()
    return this.renderEventTimeFiltered(this.renderLimited())
  }

  /** dbt's `information_schema(view)`: `"db".INFORMATION_SCHEMA.view`. */
  informationSchema(view: string | null): RelationObject {
    return this.with({
      type: 'view',
      schema: null,
      identifier: 'INFORMATION_SCHEMA',
      include: { database: this.database !== null, schema: false, identifier: true },
      quote: { ...this.state.quote, identifier: false },
      informationSchemaView: view,
      dbtCreated: false,
      limit: null,
      eventTimeFilter: null,
      location: null,
      catalog: null,
    })
  }

  /** The relation's schema: `"db"."schema"`. */
  withoutIdentifier(): RelationObject {
    return this.with({ identifier: null, include: { ...this.state.include, identifier: false } })
  }

  /**
   * Is this the relation of that name? Parts not given are not compared.
   * @throws PlumbError when the names differ in case only: then there is no telling.
   */
  matches(search: { readonly [P in NamePart]?: string | null | undefined }): boolean {
    const given = NAME_PARTS.filter((part) => search[part] != null)
    if (given.length === 0) {
      fail('runtime', 'relation-match-empty', 'Tried to match relation, but no search path was passed!')
    }
    const exact = given.every((part) => {
      const own = this[part]
      const wanted = search[part]!
      if (this.state.dbtCreated && !this.state.quote[part]) return own?.toLowerCase() === wanted.toLowerCase()
      return own === wanted
    })
    if (!exact && given.every((part) => folded(String(this[part])) === folded(search[part]!))) {
      const searched = given.map((part) => this.relationClass.quoted(search[part]!)).join('.')
      fail(
        'compilation',
        'approximate-match',
        'When searching for a relation, dbt found an approximate match: the names differ in upper and lower case ' +
          `only.\nSearched for: ${searched}\nFound: ${this}`,
        { hint: `drop or rename ${this} so that it is clear which relation is meant` },
      )
    }
    return exact
  }

  readonly [py.mapping] = true;

  [py.getattr](name: string): Value {
    return relationAttribute(this, name)
  }

  [py.getitem](key: Value): Value {
    return typeof key === 'string' ? relationAttribute(this, key) : undefined
  }

  [py.str](): string {
    return this.toString()
  }

  [py.repr](): string {
    return `<${this.#className} ${this.render()}>`
  }

  [py.bool](): boolean {
    return true
  }

  [py.eq](other: Value): boolean {
    return other instanceof RelationObject && sameRelation(this.state, other.state)
  }

  [py.hash](): string {
    return this.render()
  }

  get [py.typeName](): string {
    return this.state.informationSchemaView === undefined
      ? this.relationClass.qualifiedName
      : 'dbt.adapters.base.relation.InformationSchema'
  }

  get #className(): string {
    return this.state.informationSchemaView === undefined ? this.relationClass.objectName : 'InformationSchema'
  }

  #renderName(): string {
    const { location, include, quote, informationSchemaView } = this.state
    if (location !== null) return location
    const parts: string[] = []
    for (const part of NAME_PARTS) {
      const text = this.state[part]
      if (text !== null && include[part]) parts.push(quote[part] ? this.relationClass.quoted(text) : text)
    }
    if (informationSchemaView != null) parts.push(informationSchemaView)
    return parts.join('.')
  }

  #alias(kind: string): string {
    return this.state.requireAlias ? ` _dbt_${kind}_subq_${this.identifier ?? 'None'}` : ''
  }
}

/** A name for comparing without case and quotes. */
function folded(name: string): string {
  return name.toLowerCase().replace(/^"+|"+$/g, '')
}
