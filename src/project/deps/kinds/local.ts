import { cpSync, existsSync, symlinkSync } from 'node:fs'
import { resolve } from 'node:path'
import type { PackageSpec } from '../../packages-file.js'
import { expandHome } from '../../project-dirs.js'
import { type DepsContext, tell } from '../deps-context.js'
import type { PackageMetadata, PackageRequest, PinnedPackage } from '../package-kind.js'
import { readMetadata } from '../package-metadata.js'

/** A folder, relative to the root project: `local: ../shared`. */
export function localRequest(spec: PackageSpec): PackageRequest {
  const path = String(spec.entry['local'])
  const made: PackageRequest = {
    kind: 'local',
    name: path,
    aliases: [path],
    merge: () => made,
    pin: async (context) => localPackage(path, context),
  }
  return made
}

function localPackage(path: string, context: DepsContext): PinnedPackage {
  const folder = resolve(context.projectDir, expandHome(path, context))
  let metadata: Promise<PackageMetadata> | undefined
  return {
    kind: 'local',
    name: path,
    version: null,
    versionName: `<local @ ${path}>`,
    metadata: () => (metadata ??= readMetadata(folder, path, context)),
    lockEntry: () => ({ local: path }),
    async install(target) {
      tell(context, 'debug', 'DepsCreatingLocalSymlink', 'Z037', 'Creating symlink to local dependency.')
      try {
        symlinkSync(folder, target, 'dir')
      } catch (error) {
        if (existsSync(target)) throw error
        tell(
          context,
          'debug',
          'DepsSymlinkNotAvailable',
          'Z038',
          'Symlinks are not available on this OS, copying dependency.',
        )
        cpSync(folder, target, { recursive: true })
      }
    },
  }
}
