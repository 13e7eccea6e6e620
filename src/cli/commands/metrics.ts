import { listRequest } from '../metrics/list-request.js'
import { listCommand } from '../metrics/print-list.js'

export default listCommand({
  name: 'metrics',
  which: 'list-metrics',
  summary: 'List the metrics',
  examples: ['plumb metrics', 'plumb metrics --search revenue', 'plumb metrics --output json'],
  options: ['search'],
  columns: ['name', 'type', 'label', 'owner', 'description'],
  rows: async ({ engine, manifest }, ready) => {
    const configs = new Map(manifest.metrics.map((metric) => [metric.name.toLowerCase(), metric.config]))
    return engine.listMetrics(listRequest(ready)).map((metric) => {
      const meta = configs.get(metric.name)?.meta ?? {}
      return { ...metric, owner: meta['owner'], meta }
    })
  },
})
