import { installDeps } from '../../project/index.js'
import type { Command } from '../command.js'
import { EXIT } from '../command.js'

const deps: Command = {
  name: 'deps',
  summary: 'Install packages',
  help: 'Installs what packages.yml or dependencies.yml names, at the versions of package-lock.yml where it fits.',
  examples: ['plumb deps', 'plumb deps --upgrade', 'plumb deps --add-package dbt-labs/dbt_utils@1.3.0'],
  options: ['project_dir', 'profiles_dir', 'vars', 'lock', 'upgrade', 'add_package', 'package_source'],
  need: 'nothing',
  async run(ready) {
    await installDeps(ready.invocation, {
      projectDir: ready.projectDir,
      cliVars: ready.cliVars,
      lockOnly: ready.options.is('lock', false),
      upgrade: ready.options.is('upgrade', false),
      addPackage: ready.options.text('add_package'),
      source: (ready.options.text('package_source') ?? 'hub') as 'hub' | 'git' | 'local',
      versionCheck: ready.flags.versionCheck,
    })
    return EXIT.ok
  },
}
export default deps
