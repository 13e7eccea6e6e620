import { describe, expect, it } from 'vitest'
import { MacroRegistry, type MacroRegistryOptions } from '../../../src/context/index.js'
import { macroNode } from './session-fixture.js'

function registry(names: readonly string[], options: Partial<MacroRegistryOptions> = {}): MacroRegistry {
  const macros = names.map((id) => {
    const [packageName, name] = id.split('.') as [string, string]
    return macroNode(packageName, `macros/${name}.sql`, name, `{% macro ${name}() %}{% endmacro %}`)
  })
  return new MacroRegistry(macros, {
    rootPackage: 'shop',
    builtinPackages: ['dbt_redshift', 'dbt_postgres', 'dbt'],
    adapterTypes: ['redshift', 'postgres'],
    dispatch: [],
    packages: new Set(['shop', 'tools', 'more', 'dbt', 'dbt_postgres', 'dbt_redshift']),
    explicitMaterializationOverrides: true,
    ...options,
  })
}

describe('names of macros', () => {
  const all = registry(['dbt.a', 'dbt.b', 'dbt.c', 'dbt_postgres.c', 'shop.b', 'tools.b', 'tools.c', 'more.only'])
  const found = (packageName: string, name: string): string => {
    const entry = all.namespaceOf(packageName).find(name)
    return entry === undefined ? 'none' : entry.kind === 'macro' ? entry.macro.unique_id : `package ${entry.name}`
  }

  it('mean the own package, then the root project, then what is built in', () => {
    expect(found('shop', 'b')).toBe('macro.shop.b')
    expect(found('tools', 'b')).toBe('macro.tools.b')
    expect(found('more', 'b')).toBe('macro.shop.b')
    expect(found('shop', 'a')).toBe('macro.dbt.a')
    expect(found('shop', 'c')).toBe('macro.dbt_postgres.c')
    expect(found('shop', 'only')).toBe('none')
    expect(found('shop', 'tools')).toBe('package tools')
    expect(found('shop', 'dbt')).toBe('package dbt')
  })

  it('mean any package where nothing is rendered', () => {
    expect(all.resolveStatic('more', 'only')?.unique_id).toBe('macro.more.only')
    expect(all.resolveStatic('shop', 'only')?.unique_id).toBe('macro.more.only')
    expect(all.resolveStatic('dbt', 'c')?.unique_id).toBe('macro.dbt.c')
    expect(all.resolveStatic('tools', 'c')?.unique_id).toBe('macro.tools.c')
    expect(all.find('b')?.unique_id).toBe('macro.shop.b')
    expect(all.find('b', 'tools')?.unique_id).toBe('macro.tools.b')
  })

  it('may stand only once in a package', () => {
    expect(() => registry(['shop.x', 'shop.x'])).toThrow('x')
  })

  it('give the macro that makes names: never that of a package unless it is for the package', () => {
    const names = registry(['dbt.generate_schema_name', 'tools.generate_schema_name'])
    expect(names.findGenerateName('schema')?.unique_id).toBe('macro.dbt.generate_schema_name')
    expect(names.findGenerateName('schema', 'tools')?.unique_id).toBe('macro.tools.generate_schema_name')
    expect(names.findGenerateName('schema', 'more')).toBeUndefined()
    const own = registry(['dbt.generate_schema_name', 'shop.generate_schema_name'])
    expect(own.findGenerateName('schema')?.unique_id).toBe('macro.shop.generate_schema_name')
  })
})

describe('dispatch', () => {
  it('tries the warehouse, its parents and the default, in the root project first', () => {
    const macros = registry(['tools.default__x', 'tools.postgres__x', 'shop.default__y', 'tools.redshift__y'])
    expect(macros.dispatch('x', 'tools', 'shop').unique_id).toBe('macro.tools.postgres__x')
    expect(macros.dispatch('y', 'tools', 'shop').unique_id).toBe('macro.shop.default__y')
  })

  it('follows the search order of the project', () => {
    const macros = registry(['tools.default__x', 'more.default__x', 'shop.default__x'], {
      dispatch: [{ macro_namespace: 'tools', search_order: ['more', 'tools'] }],
    })
    expect(macros.dispatch('x', 'tools', 'shop').unique_id).toBe('macro.more.default__x')
  })

  it('looks where the template stands without a namespace, or with an unknown one', () => {
    const macros = registry(['tools.default__x', 'dbt.default__x', 'dbt.postgres__z'])
    expect(macros.dispatch('x', null, 'tools').unique_id).toBe('macro.tools.default__x')
    expect(macros.dispatch('x', null, 'shop').unique_id).toBe('macro.dbt.default__x')
    expect(macros.dispatch('z', 'unknown', 'shop').unique_id).toBe('macro.dbt.postgres__z')
  })

  it('takes a macro of any package where nothing is rendered', () => {
    const macros = registry(['tools.default__x'])
    expect(macros.dispatch('x', null, null).unique_id).toBe('macro.tools.default__x')
    expect(() => macros.dispatch('x', null, 'shop')).toThrow("Searched for: 'redshift__x', 'postgres__x', 'default__x'")
  })

  it('says where it looked', () => {
    expect(() => registry([]).dispatch('x', 'tools', 'shop')).toThrow(
      "No macro named 'x' found within namespace: 'tools'\n    Searched for: 'shop.redshift__x', 'shop.postgres__x', " +
        "'shop.default__x', 'tools.redshift__x', 'tools.postgres__x', 'tools.default__x'",
    )
  })
})

describe('materializations', () => {
  const names = [
    'dbt.materialization_table_default',
    'dbt_postgres.materialization_table_postgres',
    'tools.materialization_table_redshift',
  ]

  it('are those nearest to the warehouse; a package may not replace a built-in one unasked', () => {
    expect(registry(names).findMaterialization('table')).toEqual({
      macro: expect.objectContaining({ unique_id: 'macro.dbt_postgres.materialization_table_postgres' }),
      overriddenBy: undefined,
    })
    expect(registry(names, { explicitMaterializationOverrides: false }).findMaterialization('table')).toEqual({
      macro: expect.objectContaining({ unique_id: 'macro.tools.materialization_table_redshift' }),
      overriddenBy: 'tools',
    })
  })

  it("of the root project win among equals, and a package's own are its own", () => {
    const macros = registry([...names, 'shop.materialization_table_postgres', 'tools.materialization_own_default'])
    expect(macros.findMaterialization('table')?.macro.unique_id).toBe('macro.shop.materialization_table_postgres')
    expect(macros.findMaterialization('own')?.macro.unique_id).toBe('macro.tools.materialization_own_default')
    expect(macros.findMaterialization('nope')).toBeUndefined()
    expect(macros.materializationNames().sort()).toEqual(['own', 'table'])
  })
})
