import type { Command } from '../command.js'
import { EXIT } from '../command.js'

const init: Command = {
  name: 'init',
  summary: 'Start a project',
  help: 'Writes a small project that builds at once on DuckDB, and its profile.',
  examples: ['plumb init my_project', 'plumb init my_project --yes'],
  argument: { name: 'project_name', about: 'Letters, digits and underscores.', required: false },
  options: ['project_dir', 'profiles_dir', 'vars', 'skip_profile_setup', 'yes'],
  need: 'nothing',
  async run(ready) {
    const chosen = ready.options.text('profile')
    const { initProject } = await import('../../project/index.js')
    await initProject(ready.invocation, {
      directory: ready.projectDir,
      name: ready.argument,
      profilesDir: chosen === null && ready.options.text('profiles_dir') === null ? null : ready.profilesDir,
      profile: chosen,
      skipProfile: ready.options.is('skip_profile_setup', false),
      yes: ready.options.is('yes', false) || process.stdin.isTTY !== true,
    })
    return EXIT.ok
  },
}
export default init
