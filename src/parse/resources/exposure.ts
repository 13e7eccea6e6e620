import { type Diagnostic, PlumbError } from '../../core/diagnostic.js'
import { compileTemplate, parseTemplate, RenderThread, staticCalls, toJs, type Value } from '../../jinja/index.js'
import type { Exposure, JsonObject, NodeVersion, RefArgs } from '../../manifest/index.js'
import { foldersOf } from '../node-fields.js'
import { asTags } from '../properties/columns.js'
import type { Entry } from '../properties/entries.js'
import { exposureShape } from '../shape/resource-shapes.js'
import { isDict } from '../shape/shape.js'
import { attempt, blame, type ParseState } from '../state.js'
import { addResource } from './add-node.js'
import { ownerOf } from './owner.js'

/** Adds the `exposures:` of a file. */
export async function parseExposures(state: ParseState, entries: readonly Entry[]): Promise<void> {
  for (const entry of entries) await attempt(state, () => parseExposure(state, entry))
}

async function parseExposure(state: ParseState, entry: Entry): Promise<void> {
  const { properties, key, base, data } = entry
  const fault = exposureShape.check(data)
  if (fault !== undefined) throw properties.invalidEntry(key, base, data, fault)
  const owner = ownerOf(data['owner'])
  if (owner.name === null && owner.email === null) {
    const message = "Exposure owner must have at least one of 'name' or 'email'."
    throw properties.invalidEntry(key, base, data, { message, path: [] })
  }
  const { file } = properties
  const name = data['name'] as string
  noteStrangeName(state, entry, name)
  const fqn = [file.packageName, ...foldersOf(file.relativePath), name]
  const id = `exposure.${file.packageName}.${name}`
  try {
    const subject = { type: 'exposure', packageName: file.packageName, fqn } as const
    const patch = (data['config'] ?? {}) as { [key: string]: unknown }
    const settings = state.configs.resolve(subject, { patch }) as Exposure['config']
    const ofProject = state.project.packages.get(file.packageName)?.config.configTrees.exposures ?? {}
    const tags = [...asTags(ofProject['tags']), ...asTags(data['tags']), ...settings.tags]
    const meta = { ...dictOf(ofProject['meta']), ...dictOf(data['meta']), ...settings.meta } as JsonObject
    const allTags = [...new Set(tags)].sort()
    const exposure: Exposure = {
      name,
      resource_type: 'exposure',
      package_name: file.packageName,
      path: file.relativePath,
      original_file_path: file.originalPath,
      unique_id: id,
      fqn,
      type: data['type'] as Exposure['type'],
      owner,
      description: (data['description'] as string | undefined) ?? '',
      label: (data['label'] as string | undefined) ?? null,
      maturity: (data['maturity'] as Exposure['maturity'] | undefined) ?? null,
      meta,
      tags: allTags,
      config: { ...settings, tags: allTags, meta },
      unrendered_config: state.configs.unrendered(subject, { patch }) as JsonObject,
      url: (data['url'] as string | undefined) ?? null,
      depends_on: { macros: [], nodes: [] },
      ...(await readDependencies(entry, (data['depends_on'] ?? []) as string[])),
      created_at: state.createdAt,
    }
    addResource(state, 'exposures', exposure)
  } catch (error) {
    const described = { name, resource_type: 'exposure', unique_id: id, original_file_path: file.originalPath }
    throw blame(error, described)
  }
}

function dictOf(value: unknown): { readonly [key: string]: unknown } {
  return isDict(value) ? value : {}
}

function noteStrangeName(state: ParseState, { properties, base }: Entry, name: string): void {
  if (/^[\p{L}\p{N}_-]+$/u.test(name)) return
  const message =
    "Starting in v1.3, the 'name' of an exposure should contain only letters, numbers, and underscores. Exposures " +
    "support a new property, 'label', which may contain spaces, capital letters, and special characters. " +
    `${name} does not follow this pattern. Please update the 'name', and use the 'label' property for a human-friendly ` +
    'title. This will raise an error in a future version of dbt-core.'
  state.warnings.deprecate('ExposureNameDeprecation', message, {
    at: properties.at([...base, 'name']),
    data: { exposure: name },
  })
}

const FUNCTIONS = ['ref', 'source', 'metric'] as const
type Dependencies = Pick<Exposure, 'refs' | 'sources' | 'metrics'>

/** Reads `depends_on:` entries: `ref('orders')`, `source('raw', 'orders')`, `metric('revenue')`. */
async function readDependencies({ properties, base }: Entry, lines: readonly string[]): Promise<Dependencies> {
  const found: Dependencies = { refs: [], sources: [], metrics: [] }
  for (const [i, line] of lines.entries()) {
    try {
      await readDependency(line, properties.path, found)
    } catch (error) {
      if (!(error instanceof PlumbError)) throw error
      const at = properties.at([...base, 'depends_on', i])
      throw new PlumbError(
        error.diagnostics.map(({ sourceText: _generated, ...d }): Diagnostic => ({ ...d, at })),
        error,
      )
    }
  }
  return found
}

async function readDependency(line: string, file: string, into: Dependencies): Promise<void> {
  const note = (name: string, args: readonly Value[], kwargs: Readonly<Record<string, Value>>): void => {
    if (name === 'ref') into.refs.push(refOf(args, kwargs))
    else if (name === 'source') into.sources.push([String(args[0]), String(args[1])])
    else into.metrics.push(args.map(String))
  }
  const ast = parseTemplate(`{{ ${line}}}`, { file })
  const { calls, onlyThese } = staticCalls(ast, new Set(FUNCTIONS))
  if (onlyThese) {
    for (const { name, args, kwargs } of calls) note(name, args, kwargs)
    return
  }
  const functions = new Map(
    FUNCTIONS.map((name) => [
      name as string,
      (args: readonly Value[], kwargs: Readonly<Record<string, Value>>): Value => {
        note(name, args, kwargs)
        return ''
      },
    ]),
  )
  const thread = new RenderThread({ undefinedMode: 'chain' })
  await compileTemplate(ast, { file }).render(thread, { get: (name) => functions.get(name) })
}

function refOf(args: readonly Value[], kwargs: Readonly<Record<string, Value>>): RefArgs {
  const version = toJs(kwargs['version'] ?? kwargs['v'] ?? null)
  return {
    name: String(args.at(-1)),
    package: args.length === 2 ? String(args[0]) : null,
    version: (version || null) as NodeVersion | null,
  }
}
