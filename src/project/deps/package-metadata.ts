import { fail } from '../../core/diagnostic.js'
import { PROJECT_FILE, readProjectFile } from '../config/project-file.js'
import { readPackagesFile } from '../packages-file.js'
import type { DepsContext } from './deps-context.js'
import type { PackageMetadata } from './package-kind.js'

/** Name and packages of a project in a folder that was fetched. `label` names the folder in messages. */
export async function readMetadata(folder: string, label: string, context: DepsContext): Promise<PackageMetadata> {
  const name = readProjectFile(folder, `${label}/${PROJECT_FILE}`).data['name']
  if (typeof name !== 'string' || name === '') {
    fail('dependency', 'package-name-missing', `Package defined in ${label}/${PROJECT_FILE} must have a name!`)
  }
  const { specs } = await readPackagesFile(folder, { scope: context.scope, env: context.env })
  return { projectName: name, packages: specs }
}
