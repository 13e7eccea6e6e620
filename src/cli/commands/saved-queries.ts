import { listRequest } from '../metrics/list-request.js'
import { listCommand } from '../metrics/print-list.js'

export default listCommand({
  name: 'saved-queries',
  which: 'list-saved-queries',
  summary: 'List the saved queries',
  examples: ['plumb saved-queries', 'plumb saved-queries --search weekly --output json'],
  options: ['search'],
  columns: ['name', 'metrics', 'group_by', 'export_names', 'description'],
  rows: async ({ engine }, ready) =>
    engine
      .listSavedQueries(listRequest(ready))
      .map((query) => ({ ...query, exportNames: query.exports.map(({ name }) => name) })),
})
