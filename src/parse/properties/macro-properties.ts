import { diagnostic, PlumbError } from '../../core/diagnostic.js'
import { closestNames } from '../../core/did-you-mean.js'
import type { Docs, JsonObject, MacroNode } from '../../manifest/index.js'
import { macroShape } from '../shape/resource-shapes.js'
import { isDict } from '../shape/shape.js'
import { attempt, type ParseState } from '../state.js'
import type { Entry } from './entries.js'
import { isMacroType } from './macro-types.js'
import type { Data } from './node-properties.js'
import { removalAdvice } from './patch-node.js'

/** Joins the `macros:` entries of a file to the macros they describe. */
export async function patchMacros(state: ParseState, entries: readonly Entry[]): Promise<void> {
  for (const entry of entries) await attempt(state, () => patchMacro(state, entry))
}

function patchMacro(state: ParseState, entry: Entry): void {
  const { properties, key, base, data } = entry
  const shown = {
    ...data,
    original_file_path: properties.path,
    yaml_key: key,
    package_name: properties.file.packageName,
  }
  const fault = macroShape.check(data)
  if (fault !== undefined) throw properties.invalidEntry(key, base, shown, fault)
  const name = data['name'] as string
  const { packageName } = properties.file
  const macro = state.manifest.macros[`macro.${packageName}.${name}`]
  if (macro === undefined) {
    const names = Object.values(state.manifest.macros).filter((m) => m.package_name === packageName)
    const near = closestNames(
      name,
      names.map((m) => m.name),
    )
    state.warnings.warn('MacroNotFoundForPatch', `Found patch for macro "${name}" which was not found`, {
      at: properties.at([...base, 'name']),
      ...(near.length === 0 ? {} : { hint: `did you mean ${near.map((n) => `'${n}'`).join(' or ')}?` }),
      data: { patch_name: name },
    })
    return
  }
  if (macro.patch_path !== null) {
    const other = macro.patch_path.slice(macro.patch_path.indexOf('://') + 3)
    const message =
      `dbt found two schema.yml entries for the same macro in package ${packageName} named ${name}. Macros may only be ` +
      `described a single time. To fix this, ${removalAdvice(properties.path, other, name, 'macros')}`
    throw new PlumbError(
      diagnostic('compilation', 'duplicate-properties', message, { at: properties.at([...base, 'name']) }),
    )
  }
  describe(state, macro, entry)
}

function describe(state: ParseState, macro: MacroNode, { properties, data }: Entry): void {
  const config = isDict(data['config']) ? data['config'] : {}
  const meta = { ...(data['meta'] as JsonObject | undefined), ...(config['meta'] as JsonObject | undefined) }
  const given = (isDict(config['docs']) ? config['docs'] : data['docs']) as Partial<Docs> | undefined
  const docs: Docs = { show: given?.show ?? true, node_color: given?.node_color ?? null }
  macro.patch_path = properties.id
  macro.description = (data['description'] as string | undefined) ?? ''
  macro.meta = meta
  macro.docs = docs
  macro.config = { meta, docs }
  const documented = ((data['arguments'] ?? []) as Data[]).map((argument) => ({
    name: argument['name'] as string,
    type: (argument['type'] as string | undefined) ?? null,
    description: (argument['description'] as string | undefined) ?? '',
  }))
  if (state.flags.behavior['validate_macro_args'] === true) {
    checkArguments(state, macro, documented)
    if (documented.length > 0) macro.arguments = documented
  } else macro.arguments = documented
}

/** Compares the documented arguments with the macro's own, and their types with those that are known. */
function checkArguments(state: ParseState, macro: MacroNode, documented: MacroNode['arguments']): void {
  if (documented.length === 0) return
  const warn = (msg: string): void =>
    state.warnings.warn('InvalidMacroAnnotation', msg, {
      nodeId: macro.unique_id,
      data: { msg, macro_unique_id: macro.unique_id, macro_file_path: macro.original_file_path },
    })
  for (const [i, argument] of documented.entries()) {
    const own = macro.arguments[i]
    if (own !== undefined && own.name !== argument.name) {
      warn(`Argument ${argument.name} in yaml for macro ${macro.name} does not match the jinja definition.`)
    }
  }
  if (documented.length !== macro.arguments.length) {
    warn(`The number of arguments in the yaml for macro ${macro.name} does not match the jinja definition.`)
  }
  for (const { name, type } of documented) {
    if (type !== null && type.trim() !== '' && !isMacroType(type)) {
      warn(`Argument ${name} in the yaml for macro ${macro.name} has an invalid type.`)
    }
  }
}
