import { listRequest } from '../metrics/list-request.js'
import { listCommand } from '../metrics/print-list.js'

export default listCommand({
  name: 'entities',
  which: 'list-entities',
  summary: 'List the entities that metrics can be grouped by',
  help: 'With --metrics: only what all of these can be grouped by.',
  examples: ['plumb entities --metrics revenue'],
  options: ['metrics', 'search'],
  columns: ['name', 'type', 'semantic_model', 'label', 'description'],
  rows: async ({ engine }, ready) => engine.listEntities(listRequest(ready)).map((row) => ({ ...row })),
})
