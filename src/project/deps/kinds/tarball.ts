import { join } from 'node:path'
import { fail } from '../../../core/diagnostic.js'
import type { JsonObject } from '../../../manifest/index.js'
import { scrubSecrets } from '../../env-vars.js'
import type { PackageSpec } from '../../packages-file.js'
import { checkHash, unpackPackage } from '../archive.js'
import { type DepsContext, tell } from '../deps-context.js'
import { download } from '../http.js'
import { moveFolder } from '../move-folder.js'
import type { PackageMetadata, PackageRequest, PinnedPackage } from '../package-kind.js'
import { readMetadata } from '../package-metadata.js'

/** An archive at an address: `tarball: https://.../x.tar.gz`, `name: x`. */
export function tarballRequest(spec: PackageSpec): PackageRequest {
  const url = String(spec.entry['tarball'])
  const written = spec.unrendered['tarball']
  const name = String(spec.entry['name'])
  const made: PackageRequest = {
    kind: 'tarball',
    name: url,
    aliases: [url],
    merge: () => made,
    pin: async (context) => tarballPackage(url, typeof written === 'string' ? written : url, name, context),
  }
  return made
}

function tarballPackage(url: string, unrendered: string, name: string, context: DepsContext): PinnedPackage {
  if (!/^\w[\w.-]*$/.test(name)) {
    fail(
      'dependency',
      'package-name-invalid',
      `Invalid package name '${name}': resolves outside of the temporary downloads directory`,
    )
  }
  let unpacked: Promise<string> | undefined
  const fetchOnce = (): Promise<string> =>
    (unpacked ??= (async () => {
      const file = join(context.downloadsDir, `${name}.tar.gz`)
      await download(url, file, context.invocation.signal)
      checkHash(file, url)
      const folder = join(context.downloadsDir, `${name}_untarred`)
      await unpackPackage(file, folder, scrubSecrets(url, context.env))
      return folder
    })())
  let metadata: Promise<PackageMetadata> | undefined
  return {
    kind: 'tarball',
    name,
    version: 'tarball',
    versionName: `tarball (url: ${url})`,
    // The entry's name is the project's: it decides the folder.
    metadata: () =>
      (metadata ??= fetchOnce()
        .then((folder) => readMetadata(folder, name, context))
        .then((found) => ({ ...found, projectName: name }))),
    lockEntry(): JsonObject {
      const scrubbed = scrubSecrets(unrendered, context.env)
      if (scrubbed !== unrendered) {
        const msg =
          `Detected secret env var in ${scrubbed}. dbt will write a scrubbed representation to the lock file. This will ` +
          "cause issues with subsequent 'dbt deps' using the lock file, requiring 'dbt deps --upgrade'"
        tell(context, 'warn', 'DepsScrubbedPackageName', 'M035', msg, { package_name: scrubbed })
      }
      return { tarball: scrubbed, name }
    },
    async install(target) {
      moveFolder(await fetchOnce(), target)
    },
  }
}
