import type { Command } from '../command.js'
import { PROJECT_OPTIONS, SELECTION_OPTIONS } from '../options.js'
import { generateDocs } from '../run-graph.js'

const docsGenerate: Command = {
  name: 'docs generate',
  which: 'generate',
  summary: 'Write the catalogue and the documentation',
  help: 'Compiles the project, asks the warehouse what its relations look like, and writes manifest.json, catalog.json and index.html: a page that is the whole documentation in one file.',
  options: [...PROJECT_OPTIONS, ...SELECTION_OPTIONS, 'sqlparse', 'compile', 'empty_catalog', 'static'],
  need: 'adapter',
  run: (ready) => generateDocs(ready),
}
export default docsGenerate
