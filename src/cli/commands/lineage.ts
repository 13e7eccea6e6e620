import { fail } from '../../core/diagnostic.js'
import type { Command } from '../command.js'
import { EXIT } from '../command.js'
import { PROJECT_OPTIONS } from '../options.js'
import { parseAndSave } from '../parse-and-save.js'

const lineage: Command = {
  name: 'lineage',
  summary: 'Show where a table or column comes from, and what stands on it',
  help:
    'Follows a resource (orders), a column (orders.amount), a source (raw.payments.amount) or a metric (metric:revenue) ' +
    'through the SQL of every model: up to the sources, down to tests, metrics and exposures. Both ways by default. ' +
    'What cannot be read by column is followed by table, and says why.',
  examples: [
    'plumb lineage orders',
    'plumb lineage orders.amount --upstream',
    'plumb lineage raw.payments.amount --downstream --output json',
  ],
  options: [...PROJECT_OPTIONS, 'upstream', 'downstream', 'depth', 'lineage_output'],
  argument: { name: 'node', about: 'a resource, or a column of one: name[.column]', required: true },
  need: 'manifest',
  async run(ready) {
    const { workspace, manifest } = await parseAndSave(ready)
    try {
      const { projectLineage } = await import('../../lineage-graph.js')
      const { findPlace, hardCodedText, lineageDot, lineageJson, lineageMermaid, lineageTree, tableRoles } =
        await import('../../lineage/index.js')
      const { graph, hardCoded } = await projectLineage(workspace)
      const place = findPlace(graph, manifest, ready.argument ?? fail('usage', 'bad-usage', 'Name what to follow'))
      const up = ready.options.is('upstream', false)
      const down = ready.options.is('downstream', false)
      const depth = ready.options.number('depth') ?? undefined
      const roles = tableRoles(await workspace.dag())
      const both = up === down
      const output = ready.options.text('lineage_output') ?? 'tree'
      if (output === 'tree') {
        ready.print(lineageTree(graph, place, { up: both || up, down: both || down, depth, roles }))
        for (const each of hardCoded.filter(({ node }) => node === place.node))
          ready.print(`\n${hardCodedText(each, manifest)}`)
        return EXIT.ok
      }
      const slices = [
        ...(both || up ? [graph.upstream(place, { depth })] : []),
        ...(both || down ? [graph.downstream(place, { depth })] : []),
      ]
      const slice = {
        nodes: [...new Set(slices.flatMap(({ nodes }) => nodes))],
        edges: [...new Set(slices.flatMap(({ edges }) => edges))],
      }
      const print = {
        json: () => lineageJson(slice, graph, roles),
        mermaid: () => lineageMermaid(slice),
        dot: () => lineageDot(slice),
      }
      ready.print(print[output as keyof typeof print]())
      return EXIT.ok
    } finally {
      await workspace.close()
    }
  },
}
export default lineage
