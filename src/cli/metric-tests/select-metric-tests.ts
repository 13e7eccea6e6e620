import type { Manifest, UniqueId } from '../../manifest/index.js'
import type { SelectionRequest, Workspace } from '../../workspace.js'
import type { MetricTest } from './metric-test.js'

/**
 * The metric tests that a selection takes along, as it takes tests along: those of which a metric that is asked, or a
 * model that has rows, is selected. `--indirect-selection cautious` (and `buildable`, which may also count what stands
 * below) wants all of them selected, `empty` takes none; what is excluded takes its tests out.
 */
export async function selectMetricTests(
  tests: readonly MetricTest[],
  request: SelectionRequest,
  workspace: Workspace,
): Promise<readonly MetricTest[]> {
  const { resourceTypes = [], excludeResourceTypes = [], ...lists } = request
  if (resourceTypes.length > 0 && !resourceTypes.includes('test')) return []
  if (excludeResourceTypes.includes('test')) return []
  const { select = [], exclude = [], selector = null } = lists
  if (select.length === 0 && exclude.length === 0 && !selector) return tests
  const mode = workspace.flags.indirectSelection
  if (mode === 'empty') return []
  const quiet = { quiet: true }
  const selected = await workspace.select(lists, 'list', quiet)
  const excluded = exclude.length === 0 ? new Set() : await workspace.select({ select: exclude }, 'list', quiet)
  const countsToo = mode === 'buildable' ? await ancestors(selected, workspace) : new Set()
  const manifest = await workspace.manifest()
  return tests.filter((test) => {
    const parents = parentsOf(test, manifest)
    const isIn = (id: UniqueId): boolean => selected.has(id)
    if (parents.some((id) => excluded.has(id)) || !parents.some(isIn)) return false
    return mode === 'eager' || parents.every((id) => isIn(id) || countsToo.has(id))
  })
}

/** The metrics that a test asks for, and the tables it gives rows to. */
function parentsOf({ query, given }: MetricTest, manifest: Manifest): UniqueId[] {
  const saved = Object.values(manifest.saved_queries).find((each) => each.name === query.savedQuery)
  const ofSaved = saved?.query_params['metrics']
  const asked = [
    ...(query.metrics ?? []).map((metric) => (typeof metric === 'string' ? metric.split(':')[0]! : metric.name)),
    ...(Array.isArray(ofSaved) ? ofSaved.map(String) : []),
  ].map((name) => name.trim().toLowerCase())
  const metrics = Object.values(manifest.metrics).filter(({ name }) => asked.includes(name.toLowerCase()))
  const inputs = new Set(given.map(({ input }) => input))
  const tables = Object.values(manifest.nodes).filter(
    ({ name, resource_type: type }) => inputs.has(name) && ['model', 'seed', 'snapshot'].includes(type),
  )
  const sources = Object.values(manifest.sources).filter((each) => inputs.has(`${each.source_name}.${each.name}`))
  return [...metrics, ...tables, ...sources].map((node) => node.unique_id)
}

async function ancestors(selected: ReadonlySet<UniqueId>, workspace: Workspace): Promise<Set<UniqueId>> {
  const { parent_map: parents } = await workspace.manifest()
  const found = new Set<UniqueId>()
  const open = [...selected]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const parent of parents[id] ?? []) {
      if (found.has(parent)) continue
      found.add(parent)
      open.push(parent)
    }
  }
  return found
}
