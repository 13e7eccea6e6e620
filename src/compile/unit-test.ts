import { ManifestLookup, type TemplateSession, type UnitTestNode } from '../context/index.js'
import { fail, internalError } from '../core/diagnostic.js'
import { parseTemplate, type StaticCall, staticCalls } from '../jinja/index.js'
import type { Manifest, ManifestNode, ModelNode, SourceDefinition, UnitTestDefinition } from '../manifest/index.js'
import { fixtureNode, unitTestNode } from './fixture-node.js'

export interface PreparedUnitTest {
  /** A session whose manifest holds nothing but the fixtures and the functions the tested model calls. */
  readonly session: TemplateSession
  readonly node: UnitTestNode
}

const INPUT_CALLS: ReadonlySet<string> = new Set(['ref', 'source'])

/**
 * Sets a unit test up to be compiled and run: the tested model's SQL in a project where each input is an ephemeral
 * model made of the test's rows. Compile `node` with `session`, then run its materialization, `unit`.
 * @throws PlumbError for inputs that are not `ref`, `source` or `this`, or are not there.
 */
export function prepareUnitTest(session: TemplateSession, test: UnitTestDefinition): PreparedUnitTest {
  const tested = testedModel(session.manifest, test)
  const node = unitTestNode(test, tested)
  const manifest = withoutResources(session.manifest)
  const refable: Record<string, ManifestNode> = {}
  for (const given of test.given) {
    const input = inputOf(session, test, tested, given.input)
    const fixture = fixtureNode(node, input, given.rows, given.format)
    manifest.nodes[fixture.unique_id] = fixture
    if (input.resource_type === 'source') {
      manifest.sources[fixture.unique_id] = { ...input, unique_id: fixture.unique_id }
    } else refable[fixture.unique_id] = fixture
    if (input === tested) node.this_input_node_unique_id = fixture.unique_id
    node.depends_on.nodes.push(fixture.unique_id)
  }
  for (const id of tested.depends_on.nodes) {
    const called = session.manifest.functions[id]
    if (called === undefined) continue
    manifest.functions[id] = called
    node.depends_on.nodes.push(id)
  }
  // A source's fixture must not answer to ref(), so the lookup does not see it among the nodes.
  const lookup = new ManifestLookup({ ...manifest, nodes: refable }, session.rootPackage, false)
  return { session: session.derive({ manifest, lookup }), node }
}

function testedModel(manifest: Manifest, test: UnitTestDefinition): ModelNode {
  const id = test.depends_on.nodes[0]
  const node = id === undefined ? undefined : manifest.nodes[id]
  if (node?.resource_type === 'model') return node
  throw internalError(`Unit test ${test.unique_id} tests no model`)
}

/** The node or source whose place a fixture takes; `this` is the tested model's own relation. */
function inputOf(
  session: TemplateSession,
  test: UnitTestDefinition,
  tested: ModelNode,
  input: string,
): ManifestNode | SourceDefinition {
  if (input.trim() === 'this') return tested
  const call = inputCall(test, input)
  const found = call.name === 'ref' ? refTarget(session, test, call) : sourceTarget(session, test, call)
  if (found !== undefined) return found
  return fail(
    'parsing',
    'unit-test-input',
    `Unit test '${test.name}' had an input (${input}) which was not found in the manifest.`,
    { nodeId: test.unique_id },
  )
}

function inputCall(test: UnitTestDefinition, input: string): StaticCall {
  const [call] = staticCalls(parseTemplate(`{{ ${input} }}`, { file: test.original_file_path }), INPUT_CALLS).calls
  if (call !== undefined) return call
  return fail(
    'parsing',
    'unit-test-input',
    `Unit test given inputs must be either a 'ref', 'source' or 'this' call. Got: '${input}'.`,
    { nodeId: test.unique_id },
  )
}

function refTarget(session: TemplateSession, test: UnitTestDefinition, call: StaticCall): ManifestNode | undefined {
  const version = call.kwargs['v'] ?? call.kwargs['version']
  const found = session.lookup.ref(
    String(call.args.at(-1)),
    call.args.length > 1 ? String(call.args[0]) : null,
    typeof version === 'number' || typeof version === 'string' ? version : null,
    test.package_name,
  )
  return found !== undefined && 'node' in found ? found.node : undefined
}

function sourceTarget(
  session: TemplateSession,
  test: UnitTestDefinition,
  call: StaticCall,
): SourceDefinition | undefined {
  const found = session.lookup.source(String(call.args[0]), String(call.args[1]), test.package_name)
  return found !== undefined && 'node' in found ? found.node : undefined
}

/** The manifest with its macros but without resources. */
function withoutResources(manifest: Manifest): Manifest {
  return {
    ...manifest,
    nodes: {},
    sources: {},
    exposures: {},
    metrics: {},
    disabled: {},
    parent_map: {},
    child_map: {},
    saved_queries: {},
    semantic_models: {},
    unit_tests: {},
    functions: {},
  }
}
