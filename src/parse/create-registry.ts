import { MacroRegistry } from '../context/index.js'
import type { ParseOptions } from './parse-project.js'

/** A registry without macros, with the rules of this project. */
export function createRegistry({
  project,
  plugin,
  flags,
}: Pick<ParseOptions, 'project' | 'plugin' | 'flags'>): MacroRegistry {
  const packages = [...project.packages.values()]
  return new MacroRegistry([], {
    rootPackage: project.root.name,
    builtinPackages: packages.filter((pkg) => pkg.kind === 'builtin').map((pkg) => pkg.name),
    adapterTypes: plugin.parent === undefined ? [plugin.type] : [plugin.type, plugin.parent],
    dispatch: project.root.config.dispatch,
    packages: new Set(packages.map((pkg) => pkg.name)),
    explicitMaterializationOverrides:
      flags.behavior['require_explicit_package_overrides_for_builtin_materializations'] === true,
  })
}
