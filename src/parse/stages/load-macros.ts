import type { MacroRegistry } from '../../context/index.js'
import type { ProjectFile } from '../../project/index.js'
import { createRegistry } from '../create-registry.js'
import { linkMacros } from '../resolve/macro-dependencies.js'
import { type ReadMacro, readMacros } from '../resources/macro.js'
import { type PackageSources, readSource } from '../source-files.js'
import { MacroAsts } from '../templates/macro-effects.js'
import type { ParseStart } from './parse-start.js'

export interface LoadedMacros {
  readonly registry: MacroRegistry
  readonly asts: MacroAsts
}

/** Names of dbt's context that are no macros, whoever calls them. */
const CONTEXT_NAMES: ReadonlySet<string> = new Set(
  (
    'dbt_version diff_of_two_dicts env_var flags fromjson fromyaml invocation_id local_md5 log modules print ' +
    'project_name return run_started_at set set_strict target thread_id tojson toyaml var zip zip_strict ' +
    'context builtins'
  ).split(' '),
)

/** Reads the macros and generic tests of all packages into the manifest and finds out what they call. */
export function loadMacros(start: ParseStart, sources: readonly PackageSources[]): LoadedMacros {
  const registry = createRegistry(start)
  const asts = new MacroAsts()
  const read: ReadMacro[] = []
  for (const { pkg, macros, genericTests } of sources) {
    const quiet = pkg.kind === 'builtin'
    for (const file of macros) read.push(...readFile(start, file, false, quiet))
    for (const file of genericTests) read.push(...readFile(start, file, true, quiet))
  }
  const kept = read.filter((each) => addMacro(start, registry, asts, each))
  linkMacros(kept, registry, (name) => CONTEXT_NAMES.has(name), start.bag)
  return { registry, asts }
}

function readFile(start: ParseStart, file: ProjectFile, testsOnly: boolean, quiet: boolean): ReadMacro[] {
  try {
    return readMacros({
      file,
      source: readSource(file),
      createdAt: start.createdAt,
      testsOnly,
      keepArguments: !testsOnly && start.flags.behavior['validate_macro_args'] === true,
      onUnexpected: quiet
        ? undefined
        : (message) =>
            start.warnings.deprecate('UnexpectedJinjaBlockDeprecation', `${message} in file \`${file.originalPath}\``, {
              data: { msg: message, file: file.originalPath },
            }),
    })
  } catch (error) {
    start.bag.capture(error)
    return []
  }
}

function addMacro({ bag, manifest }: ParseStart, registry: MacroRegistry, asts: MacroAsts, read: ReadMacro): boolean {
  const { macro, ast, origin } = read
  try {
    registry.add(macro, origin)
  } catch (error) {
    bag.capture(error)
    return false
  }
  manifest.macros[macro.unique_id] = macro
  asts.add(macro, ast)
  return true
}
