import { rmSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { fail } from '../../core/diagnostic.js'
import type { Command } from '../command.js'
import { EXIT } from '../command.js'

const clean: Command = {
  name: 'clean',
  summary: 'Delete generated directories',
  help: "Deletes the directories under clean-targets of dbt_project.yml; never the project's own sources.",
  options: ['project_dir', 'profiles_dir', 'target_path', 'vars', 'clean_project_files_only'],
  need: 'project',
  async run(ready) {
    const { root } = await ready.project()
    const { config } = root
    const sources = [
      config.modelPaths,
      config.seedPaths,
      config.snapshotPaths,
      config.analysisPaths,
      config.macroPaths,
      config.testPaths,
    ]
    const protectedPaths = new Set(sources.flat().map((path) => resolve(root.root, path)))
    const targets = [...new Set(config.cleanTargets.map((path) => resolve(root.root, path)))]
    const kept = targets.filter((path) => protectedPaths.has(path))
    if (kept.length > 0)
      fail('runtime', 'clean-source-path', `dbt will not clean the following source paths: ${kept.join(', ')}`, {
        hint: 'take them out of clean-targets',
      })
    const outside = targets.filter((path) => {
      const way = relative(root.root, path)
      return way === '' || way === '..' || way.startsWith(`..${sep}`)
    })
    if (outside.length > 0 && ready.options.is('clean_project_files_only', true)) {
      fail(
        'runtime',
        'clean-outside',
        `dbt will not clean the following directories outside the project: ${outside.join(', ')}`,
        { hint: '--no-clean-project-files-only cleans them all the same' },
      )
    }
    if (config.cleanTargets.includes('dbt_modules') && !config.cleanTargets.includes(config.packagesInstallPath)) {
      ready.emit({
        name: 'PackageInstallPathDeprecation',
        code: 'D002',
        level: 'warn',
        msg:
          'Deprecated functionality\n\nThe default package install path has changed from `dbt_modules` to `dbt_packages`. ' +
          'Please update `clean-targets` in `dbt_project.yml` and check `.gitignore` as well. Or, set ' +
          "`packages-install-path: dbt_modules` if you'd like to keep the current value.",
        data: {},
      })
    }
    for (const path of targets) {
      ready.info('CheckCleanPath', 'Z012', `Checking ${path}/*`, { path })
      rmSync(path, { recursive: true, force: true })
      ready.info('ConfirmCleanPath', 'Z013', `Cleaned ${path}/*`, { path })
    }
    ready.info('FinishedCleanPaths', 'Z015', 'Finished cleaning all paths.', {})
    return EXIT.ok
  },
}
export default clean
