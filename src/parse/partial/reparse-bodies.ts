import { isDeepStrictEqual } from 'node:util'
import type { MacroRegistry } from '../../context/index.js'
import { DiagnosticBag } from '../../core/diagnostic.js'
import type { CompiledNode, Manifest, ManifestNode } from '../../manifest/index.js'
import { warnOfDeprecatedModels } from '../checks/deprecated-models.js'
import { warnOfMicrobatch } from '../checks/microbatch.js'
import type { ParseOptions } from '../parse-project.js'
import { buildEdges } from '../resolve/edges.js'
import { resolveNode } from '../resolve/references.js'
import { parseModel } from '../resources/model.js'
import { parseAnalysis, parseSingularTest } from '../resources/sql-file.js'
import { AT_START, readSource, type SourceText } from '../source-files.js'
import { openState } from '../stages/open-state.js'
import type { ParseState } from '../state.js'
import { MacroAsts } from '../templates/macro-effects.js'
import { Warnings } from '../warnings.js'
import type { BodyKind, ChangedFile } from './changed-files.js'

/** What of a node follows from its text alone. All else must be the same before and after. */
const BODY_FIELDS = ['raw_code', 'checksum', 'refs', 'sources', 'metrics', 'functions', 'depends_on'] as const

type Body = Exclude<ManifestNode, { resource_type: 'seed' }>

const PARSERS: {
  readonly [K in BodyKind]: (state: ParseState, file: ChangedFile['file'], source: SourceText) => Promise<void>
} = { models: parseModel, analyses: parseAnalysis, singularTests: parseSingularTest }

/**
 * The manifest with the new text of some nodes, the rest as it was. Only done where it is certain to come to what a
 * full parse would: the former text is read in the same way first and must give the node as it is known, and both texts
 * must say the same of everything but references.
 * @param known the manifest as it was; left as it is.
 * @returns undefined when everything has to be parsed: another configuration, an error, a warning.
 */
export async function reparseBodies(
  options: ParseOptions,
  known: Manifest,
  macros: MacroRegistry,
  changed: readonly ChangedFile[],
): Promise<Manifest | undefined> {
  const quiet = quietOptions(options)
  try {
    const nodes = { ...known.nodes }
    const merged: Manifest = { ...known, nodes }
    const asts = new MacroAsts()
    for (const each of changed) {
      const old = nodeOf(known, each)
      if (old === undefined || hasUnitTest(known, old)) return undefined
      const before = await readAlone(quiet.start(known), macros, asts, each, { text: old.raw_code, origin: AT_START })
      const after = await readAlone(quiet.start(known), macros, asts, each, readSource(each.file))
      if (before === undefined || after === undefined || !sameButBody(before, after)) return undefined
      const state = openState(quiet.start(known), { registry: macros, asts })
      resolveNode(state, before.node)
      if (!BODY_FIELDS.every((field) => isDeepStrictEqual(plain(before.node[field]), plain(old[field]))))
        return undefined
      nodes[old.unique_id] = withBody(old, after.node)
    }
    const state = openState(quiet.start(merged), { registry: macros, asts })
    for (const each of changed) resolveNode(state, nodeOf(merged, each)!)
    buildEdges(merged)
    warnOfDeprecatedModels(state)
    warnOfMicrobatch(state)
    return state.bag.errors.length > 0 || quiet.spoken() ? undefined : merged
  } catch {
    // The full parse finds it again, with all other errors, and says it in its own words.
    return undefined
  }
}

/** Options whose events go nowhere but are noticed, and states made of them. */
function quietOptions(options: ParseOptions) {
  let spoken = false
  const invocation = {
    ...options.invocation,
    emit: () => {
      spoken = true
    },
  }
  return {
    spoken: () => spoken,
    start: (manifest: Manifest) => ({
      ...options,
      invocation,
      manifest,
      bag: new DiagnosticBag(),
      warnings: new Warnings(invocation, options.flags),
      createdAt: 0,
    }),
  }
}

/** The one node of a file; undefined for none (disabled) and for several. */
function nodeOf({ nodes }: Manifest, { kind, file }: ChangedFile): Body | undefined {
  const stem = file.relativePath.slice(file.relativePath.lastIndexOf('/') + 1, -'.sql'.length)
  const type = kind === 'models' ? 'model' : kind === 'analyses' ? 'analysis' : 'test'
  const node = nodes[`${type}.${file.packageName}.${stem}`]
  const isOfFile = node !== undefined && node.original_file_path === file.originalPath
  return isOfFile && node.resource_type !== 'seed' ? node : undefined
}

/** Unit tests look into the SQL of the model they test. */
function hasUnitTest({ unit_tests: tests, disabled }: Manifest, { name }: Body): boolean {
  const all = [...Object.values(tests), ...Object.values(disabled).flat()]
  return all.some((test) => test.resource_type === 'unit_test' && test.model === name)
}

interface Alone {
  readonly node: Body
  /** What its `config(...)` calls say. */
  readonly call: object | undefined
}

/** Reads a text as the given file, with nothing around it. */
async function readAlone(
  start: Parameters<typeof openState>[0],
  registry: MacroRegistry,
  asts: MacroAsts,
  { kind, file }: ChangedFile,
  source: SourceText,
): Promise<Alone | undefined> {
  const manifest: Manifest = { ...start.manifest, nodes: {}, disabled: {} }
  const state = openState({ ...start, manifest }, { registry, asts })
  await PARSERS[kind](state, file, source)
  const node = nodeOf(manifest, { kind, file })
  const alone = Object.keys(manifest.nodes).length === 1 && Object.keys(manifest.disabled).length === 0
  return node !== undefined && alone ? { node, call: state.configCalls.get(node) } : undefined
}

function sameButBody(before: Alone, after: Alone): boolean {
  return (
    isDeepStrictEqual(before.call, after.call) && isDeepStrictEqual(withoutBody(before.node), withoutBody(after.node))
  )
}

function withoutBody(node: Body): object {
  const rest: Partial<Body> = { ...node }
  for (const field of BODY_FIELDS) delete rest[field]
  return rest
}

/** The node as it was, with another text and what follows from it. */
function withBody(old: Body, from: Body): Body {
  const parts: Partial<CompiledNode> = {}
  for (const field of BODY_FIELDS) Object.assign(parts, { [field]: from[field] })
  return { ...old, ...parts } as Body
}

/** As JSON gives it back: what the known node has been through. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
