import { listRequest } from '../metrics/list-request.js'
import { listCommand } from '../metrics/print-list.js'

export default listCommand({
  name: 'dimensions',
  which: 'list-dimensions',
  summary: 'List the dimensions that metrics can be grouped by',
  help: 'With --metrics: only what all of these can be grouped by.',
  examples: ['plumb dimensions --metrics revenue,orders', 'plumb dimensions --search country'],
  options: ['metrics', 'search'],
  columns: ['name', 'type', 'grains', 'semantic_model', 'label', 'description'],
  rows: async ({ engine }, ready) => engine.listDimensions(listRequest(ready)).map((row) => ({ ...row })),
})
