import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { internalError } from './core/diagnostic.js'

/** A macro package that comes with the tool. */
export interface BuiltinPackage {
  readonly name: string
  /** Absolute. */
  readonly root: string
}

/** Where the macro packages lie: beside the bundle (`dist/macros/<package>`), or in the source tree. */
function layout(): (name: string) => string {
  const here = dirname(fileURLToPath(import.meta.url))
  for (const base of [here, dirname(here)]) {
    if (existsSync(join(base, 'macros', 'dbt', 'dbt_project.yml'))) return (name) => join(base, 'macros', name)
  }
  if (existsSync(join(here, 'macros', 'dbt_project.yml'))) {
    return (name) =>
      name === 'dbt' ? join(here, 'macros') : join(here, 'adapters', name.replace(/^dbt_/, ''), 'macros')
  }
  throw internalError('the built-in macro packages are missing from this installation')
}

/**
 * The built-in macro packages of a warehouse, strongest first: its own, its parents', `dbt`.
 * @param adapterPackages e.g. `['dbt_duckdb']`, from the adapter's plugin
 */
export function builtinPackages(adapterPackages: readonly string[]): BuiltinPackage[] {
  const rootOf = layout()
  return [...adapterPackages, 'dbt'].map((name) => ({ name, root: rootOf(name) }))
}
