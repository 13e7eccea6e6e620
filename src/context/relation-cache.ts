import type { RelationName } from '../adapters/relation.js'
import { fail } from '../core/diagnostic.js'
import type { RelationObject } from './objects/relation.js'

interface CachedRelation {
  relation: RelationObject
  /** Keys of relations that stand on this one and go when it goes. */
  readonly dependents: Set<string>
  /** Keys of relations this one stands on. */
  readonly standsOn: Set<string>
}

/**
 * What is in the warehouse, as far as it is known: whole schemas at a time. Filled at start or when a schema is first
 * asked for, then kept up to date by what templates create, rename and drop. Names are compared without case.
 */
export class RelationCache {
  readonly #relations = new Map<string, CachedRelation>()
  /** Keys of the relations of every known schema. */
  readonly #schemas = new Map<string, Set<string>>()

  /** Schemas that are being read, so that nobody reads them twice. */
  readonly filling = new Map<string, Promise<void>>()

  /** Is everything in this schema known. */
  hasSchema(database: string | null, schema: string | null): boolean {
    return this.#schemas.has(keyOf(database, schema))
  }

  /** Marks a schema as known, though it be empty. */
  addSchema(database: string | null, schema: string | null): void {
    const key = keyOf(database, schema)
    if (!this.#schemas.has(key)) this.#schemas.set(key, new Set())
  }

  /** Adds a relation unless one of that name is there. */
  add(relation: RelationObject): void {
    const key = relationKey(relation)
    if (!this.#relations.has(key)) this.#put(key, { relation, dependents: new Set(), standsOn: new Set() })
  }

  /** The relation whose name is this one but for upper and lower case. */
  find(name: RelationName): RelationObject | undefined {
    return this.#relations.get(relationKey(name))?.relation
  }

  /** Notes that `dependent` (a view) is dropped when `referenced` is. Relations outside known schemas do not matter. */
  addDependency(referenced: RelationObject, dependent: RelationObject): void {
    if (!this.hasSchema(referenced.database, referenced.schema)) return
    for (const relation of [referenced, dependent]) {
      if (!this.#relations.has(relationKey(relation))) this.add(relation.with({ type: 'external' }))
    }
    this.#relations.get(relationKey(referenced))!.dependents.add(relationKey(dependent))
    this.#relations.get(relationKey(dependent))!.standsOn.add(relationKey(referenced))
  }

  /** Removes a relation and all that stand on it. */
  drop(relation: RelationName): void {
    this.#drop(relationKey(relation))
  }

  /** Forgets a schema and everything in it. */
  dropSchema(database: string | null, schema: string | null): void {
    const key = keyOf(database, schema)
    for (const relation of [...(this.#schemas.get(key) ?? [])]) this.#drop(relation)
    this.#schemas.delete(key)
  }

  /**
   * Gives a relation another name; what stands on it stays with it. One that is not known (a temporary relation) is
   * added under the new name.
   * @throws PlumbError when the new name is taken: two names became one when they were cut to length.
   */
  rename(from: RelationObject, to: RelationObject): void {
    const oldKey = relationKey(from)
    const newKey = relationKey(to)
    if (this.#relations.has(newKey)) {
      fail(
        'internal',
        'cache-name-taken',
        `Name collision found when renaming ${from} to ${to}: a relation of the new name exists`,
        { hint: 'two models may have names that are cut to the same one: give one of them a shorter alias' },
      )
    }
    const cached = this.#relations.get(oldKey)
    if (cached === undefined) {
      this.add(to)
      return
    }
    this.#remove(oldKey)
    cached.relation = cached.relation.with({ database: to.database, schema: to.schema, identifier: to.identifier })
    this.#put(newKey, cached)
    for (const key of cached.standsOn) replaceKey(this.#relations.get(key)?.dependents, oldKey, newKey)
    for (const key of cached.dependents) replaceKey(this.#relations.get(key)?.standsOn, oldKey, newKey)
  }

  /** What stood on one relation was bound to another one: it goes with that one now. */
  moveDependents(from: RelationObject, to: RelationObject): void {
    this.add(to)
    const [oldKey, newKey] = [relationKey(from), relationKey(to)]
    const [before, now] = [this.#relations.get(oldKey), this.#relations.get(newKey)]
    if (before === undefined || now === undefined) return
    for (const key of before.dependents) {
      replaceKey(this.#relations.get(key)?.standsOn, oldKey, newKey)
      now.dependents.add(key)
    }
    before.dependents.clear()
  }

  /** Every known relation of a schema. */
  relationsOf(database: string | null, schema: string | null): RelationObject[] {
    const keys = this.#schemas.get(keyOf(database, schema)) ?? []
    return [...keys].map((key) => this.#relations.get(key)!.relation)
  }

  clear(): void {
    this.#relations.clear()
    this.#schemas.clear()
  }

  #put(key: string, cached: CachedRelation): void {
    const { database, schema } = cached.relation
    this.addSchema(database, schema)
    this.#relations.set(key, cached)
    this.#schemas.get(keyOf(database, schema))!.add(key)
  }

  #remove(key: string): CachedRelation | undefined {
    const cached = this.#relations.get(key)
    if (cached === undefined) return undefined
    this.#relations.delete(key)
    this.#schemas.get(keyOf(cached.relation.database, cached.relation.schema))?.delete(key)
    return cached
  }

  #drop(key: string): void {
    const cached = this.#remove(key)
    if (cached === undefined) return
    for (const below of cached.standsOn) this.#relations.get(below)?.dependents.delete(key)
    for (const dependent of cached.dependents) this.#drop(dependent)
  }
}

function replaceKey(keys: Set<string> | undefined, from: string, to: string): void {
  if (keys?.delete(from)) keys.add(to)
}

function keyOf(...parts: readonly (string | null)[]): string {
  return parts.map((part) => part?.toLowerCase() ?? '').join('\u0000')
}

function relationKey(relation: RelationName): string {
  return keyOf(relation.database, relation.schema, relation.identifier)
}
