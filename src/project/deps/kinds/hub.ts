import { join } from 'node:path'
import { diagnostic, fail, PlumbError } from '../../../core/diagnostic.js'
import { toRepr, toStr, type Value } from '../../../jinja/index.js'
import { checkEntries, type PackageSpec } from '../../packages-file.js'
import {
  installableVersions,
  parseVersionSpec,
  pickVersion,
  rangeText,
  reduceVersions,
  type VersionSpec,
  versionText,
} from '../../version-spec.js'
import { checkHash, unpackPackage } from '../archive.js'
import type { DepsContext } from '../deps-context.js'
import { download } from '../http.js'
import { acceptsUs } from '../hub-client.js'
import type { PackageMetadata, PackageRequest, PinnedPackage } from '../package-kind.js'

/** A package of the hub: `package: dbt-labs/dbt_utils`, `version: [">=1.0.0", "<2.0.0"]`. */
export function hubRequest(spec: PackageSpec): HubRequest {
  const { entry } = spec
  const given = entry['version']!
  const versions = (Array.isArray(given) ? given : [given]).map((version) => {
    const text = toStr(version as Value)
    const parsed = parseVersionSpec(text)
    if (parsed !== undefined) return parsed
    return fail('dependency', 'version-invalid', `"${text}" is not a valid semantic version.`, {
      hint: `it stands at ${String(entry['package'])}; write three numbers, such as 1.3.0 or ">=1.0.0"`,
    })
  })
  const prereleases = entry['install_prerelease'] === true || entry['install-prerelease'] === true
  return new HubRequest(String(entry['package']), versions, prereleases)
}

class HubRequest implements PackageRequest {
  readonly kind = 'hub'

  constructor(
    readonly name: string,
    readonly versions: readonly VersionSpec[],
    readonly prereleases: boolean,
  ) {}

  get aliases(): readonly string[] {
    return [this.name]
  }

  merge(other: PackageRequest): PackageRequest {
    if (!(other instanceof HubRequest)) return this
    return new HubRequest(this.name, [...this.versions, ...other.versions], this.prereleases)
  }

  async pin(context: DepsContext): Promise<PinnedPackage> {
    const all = await context.hub.versions(this.name)
    const range = reduceVersions(this.versions)
    if (range === undefined) {
      const options = this.versions.map((version) => toRepr(versionText(version))).join(', ')
      fail(
        'dependency',
        'version-conflict',
        `Version error for package ${this.name}: Could not find a satisfactory version from options: [${options}]`,
        { hint: 'packages ask for versions of it that exclude each other: loosen one of them' },
      )
    }
    const numbers = Object.keys(all).filter((number) => !context.versionCheck || acceptsUs(all[number]!))
    const prereleases = this.prereleases || this.versions.some((version) => version.prerelease !== null)
    const installable = installableVersions(numbers, prereleases)
    const version = pickVersion(range, installable)
    if (version === undefined) throw versionNotFound(this.name, rangeText(range), installable, context)
    return new HubPackage(this.name, version, installable.at(-1)!, context)
  }
}

function versionNotFound(name: string, range: string, compatible: readonly string[], context: DepsContext): PlumbError {
  const note = context.versionCheck
    ? '\n  Not shown: package versions incompatible with installed version of dbt-core\n' +
      "  To include them, run 'dbt --no-version-check deps'"
    : ''
  return new PlumbError(
    diagnostic(
      'dependency',
      'version-not-found',
      `Could not find a matching compatible version for package ${name}\n  Requested range: ${range}\n` +
        `  Compatible versions: [${compatible.map((each) => toRepr(each)).join(', ')}]\n${note}`,
    ),
  )
}

class HubPackage implements PinnedPackage {
  readonly kind = 'hub'
  #metadata: Promise<PackageMetadata> | undefined

  constructor(
    readonly name: string,
    readonly version: string,
    readonly latest: string,
    readonly context: DepsContext,
  ) {}

  get versionName(): string {
    return `version ${this.version}`
  }

  metadata(): Promise<PackageMetadata> {
    this.#metadata ??= this.context.hub.versions(this.name).then((versions) => {
      const { name, packages } = versions[this.version]!
      return { projectName: name, packages: checkEntries(packages, this.name) }
    })
    return this.#metadata
  }

  lockEntry(): { package: string; version: string } {
    return { package: this.name, version: this.version }
  }

  async install(target: string): Promise<void> {
    const { tarball } = (await this.context.hub.versions(this.name))[this.version]!.downloads
    const file = join(this.context.downloadsDir, `${this.name.replaceAll('/', '__')}.${this.version}.tar.gz`)
    await download(tarball, file, this.context.invocation.signal)
    checkHash(file, tarball)
    await unpackPackage(file, target, tarball)
  }
}
