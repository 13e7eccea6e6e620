import { fail } from '../../core/diagnostic.js'
import type { Command } from '../command.js'
import { PROJECT_OPTIONS } from '../options.js'
import { runMacroByName } from '../run-graph.js'

const runOperation: Command = {
  name: 'run-operation',
  summary: 'Call a macro',
  help: 'Calls a macro of the project or of a package (package.macro) with the given arguments.',
  examples: ["plumb run-operation grant_select --args '{role: reporter}'"],
  argument: { name: 'macro', about: 'The macro to call.', required: true },
  options: [...PROJECT_OPTIONS, 'args'],
  need: 'adapter',
  async run(ready) {
    const given = ready.options.get('args') ?? {}
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      fail('usage', 'bad-option-value', "Invalid value for '--args': a mapping of names to values is expected.")
    return await runMacroByName(ready, ready.argument ?? '', given as Record<string, unknown>)
  },
}
export default runOperation
