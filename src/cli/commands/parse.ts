import type { Command } from '../command.js'
import { EXIT } from '../command.js'
import { PROJECT_OPTIONS } from '../options.js'
import { parseAndSave } from '../parse-and-save.js'

const parse: Command = {
  name: 'parse',
  summary: 'Read the project and write manifest.json',
  help: 'Reads and checks every file of the project and writes target/manifest.json. Does not touch the warehouse.',
  options: PROJECT_OPTIONS,
  need: 'manifest',
  async run(ready) {
    await parseAndSave(ready)
    return EXIT.ok
  },
}
export default parse
