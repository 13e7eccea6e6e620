import { describe, expect, it } from 'vitest'
import duckdb from '../../../src/adapters/duckdb/index.js'
import { RelationCache, RelationClass, type RelationObject } from '../../../src/context/index.js'

const relations = new RelationClass(duckdb, {})
const relation = (identifier: string, schema = 's'): RelationObject =>
  relations.create({ database: 'd', schema, identifier, type: 'table' })
const names = (cache: RelationCache, schema = 's'): string[] =>
  cache.relationsOf('d', schema).map((r) => String(r.identifier))

describe('the relation cache', () => {
  it('knows whole schemas, without regard to case', () => {
    const cache = new RelationCache()
    expect(cache.hasSchema('d', 's')).toBe(false)
    cache.addSchema('D', 'S')
    expect(cache.hasSchema('d', 's')).toBe(true)
    cache.add(relation('A'))
    cache.add(relation('a'))
    expect(names(cache)).toEqual(['A'])
    expect(cache.find({ database: 'D', schema: 'S', identifier: 'a' })?.identifier).toBe('A')
    expect(cache.find(relation('b'))).toBeUndefined()
  })

  it('drops what stands on a dropped relation too', () => {
    const cache = new RelationCache()
    for (const name of ['t', 'v', 'w', 'other']) cache.add(relation(name))
    cache.addDependency(relation('t'), relation('v'))
    cache.addDependency(relation('v'), relation('w'))
    cache.drop(relation('t'))
    expect(names(cache)).toEqual(['other'])
  })

  it('keeps dependencies through a rename', () => {
    const cache = new RelationCache()
    for (const name of ['t', 'v']) cache.add(relation(name))
    cache.addDependency(relation('t'), relation('v'))
    cache.rename(relation('t'), relation('t2'))
    expect(names(cache).sort()).toEqual(['t2', 'v'])
    cache.rename(relation('v'), relation('v2'))
    cache.drop(relation('t2'))
    expect(names(cache)).toEqual([])
  })

  it('adds what was renamed without being known, and refuses a name that is taken', () => {
    const cache = new RelationCache()
    cache.rename(relation('tmp'), relation('t'))
    expect(names(cache)).toEqual(['t'])
    cache.add(relation('u'))
    expect(() => cache.rename(relation('u'), relation('t'))).toThrow('Name collision')
  })

  it('notes dependents outside of known schemas only where the referenced one is known', () => {
    const cache = new RelationCache()
    cache.addDependency(relation('t', 'far'), relation('v'))
    expect(names(cache)).toEqual([])
    cache.add(relation('t'))
    cache.addDependency(relation('t'), relation('v', 'far'))
    expect(cache.find(relation('v', 'far'))?.type).toBe('external')
  })

  it('forgets a dropped schema', () => {
    const cache = new RelationCache()
    cache.add(relation('t'))
    cache.add(relation('t', 'far'))
    cache.dropSchema('d', 's')
    expect(cache.hasSchema('d', 's')).toBe(false)
    expect(names(cache, 'far')).toEqual(['t'])
  })
})
