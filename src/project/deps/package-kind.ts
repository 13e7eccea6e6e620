import type { JsonObject } from '../../manifest/index.js'
import type { PackageSpec } from '../packages-file.js'
import type { DepsContext } from './deps-context.js'

/** A package someone asks for, not yet settled on one version. Requests for the same package are merged. */
export interface PackageRequest {
  readonly kind: 'hub' | 'git' | 'local' | 'tarball'
  /** How messages name it: `dbt-labs/dbt_utils`, the repository's address, the path. */
  readonly name: string
  /** Names under which the same package may have been asked for (`x` and `x.git`). */
  readonly aliases: readonly string[]
  /** This request and another one of the same kind and name. */
  merge(other: PackageRequest): PackageRequest
  /** Settles on one version. @throws PlumbError kind `dependency` when the requests contradict each other */
  pin(context: DepsContext): Promise<PinnedPackage>
}

/** A package at one version. */
export interface PinnedPackage {
  readonly kind: PackageRequest['kind']
  readonly name: string
  /** `1.3.0`, a git revision; null for a folder. */
  readonly version: string | null
  /** `version 1.3.0`, `revision main`: behind "Installed from". */
  readonly versionName: string
  /** The newest version that could be installed, where there are several. */
  readonly latest?: string
  readonly subdirectory?: string | null
  /** The project's name and what it needs in turn; fetches what must be fetched, once. */
  metadata(): Promise<PackageMetadata>
  /** What package-lock.yml says of it, less the project's name. After `metadata`. */
  lockEntry(): JsonObject
  /** Puts the package at `target` (its parent exists, itself does not). */
  install(target: string): Promise<void>
}

export interface PackageMetadata {
  readonly projectName: string
  readonly packages: readonly PackageSpec[]
}
