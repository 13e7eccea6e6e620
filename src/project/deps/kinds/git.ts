import { md5 } from '../../../core/checksum.js'
import { fail } from '../../../core/diagnostic.js'
import { toRepr, toStr, type Value } from '../../../jinja/index.js'
import type { JsonObject } from '../../../manifest/index.js'
import { scrubSecrets } from '../../env-vars.js'
import type { PackageSpec } from '../../packages-file.js'
import { type DepsContext, tell } from '../deps-context.js'
import { checkoutGit } from '../git-client.js'
import { moveFolder } from '../move-folder.js'
import type { PackageMetadata, PackageRequest, PinnedPackage } from '../package-kind.js'
import { readMetadata } from '../package-metadata.js'
import { privatePackageUrl } from '../private-url.js'

/** What is the same for all requests of one repository. */
interface Repository {
  readonly git: string
  /** As written, secrets not filled in. */
  readonly unrendered: string
  readonly subdirectory: string | null
  /** Set for `private:` packages; `unrendered` is then their short name. */
  readonly provider: string | null
  readonly isPrivate: boolean
}

/** A repository: `git: https://...`, `revision: 1.0`. */
export function gitRequest(spec: PackageSpec): PackageRequest {
  const git = String(spec.entry['git'])
  const unrendered = spec.unrendered['git']
  return request(spec, {
    git,
    unrendered: typeof unrendered === 'string' ? unrendered : git,
    provider: null,
    isPrivate: false,
  })
}

/** A repository by its short name: `private: my-org/my-package`. */
export function privateRequest(spec: PackageSpec, context: DepsContext): PackageRequest {
  const name = String(spec.entry['private'])
  const provider = (spec.entry['provider'] as string | null | undefined) ?? null
  const git = privatePackageUrl(name, provider, context.env)
  return request(spec, { git, unrendered: name, provider, isPrivate: true })
}

function request(spec: PackageSpec, repository: Omit<Repository, 'subdirectory'>): PackageRequest {
  const { entry } = spec
  const revision = entry['revision'] ?? null
  return new GitRequest(
    { ...repository, subdirectory: (entry['subdirectory'] as string | null | undefined) ?? null },
    revision === null ? [] : [toStr(revision as Value)],
    entry['warn-unpinned'] !== false,
  )
}

class GitRequest implements PackageRequest {
  readonly kind = 'git'

  constructor(
    readonly repository: Repository,
    readonly revisions: readonly string[],
    readonly warnUnpinned: boolean,
  ) {}

  get name(): string {
    return nameOf(this.repository, this.repository.git)
  }

  get aliases(): readonly string[] {
    const { git } = this.repository
    const other = git.endsWith('.git') ? git.slice(0, -4) : `${git}.git`
    return [this.name, nameOf(this.repository, other)]
  }

  merge(other: PackageRequest): PackageRequest {
    if (!(other instanceof GitRequest)) return this
    const revisions = [...this.revisions, ...other.revisions]
    return new GitRequest(this.repository, revisions, this.warnUnpinned && other.warnUnpinned)
  }

  async pin(context: DepsContext): Promise<PinnedPackage> {
    const wanted = [...new Set(this.revisions)]
    if (wanted.length > 1) {
      fail(
        'dependency',
        'git-versions',
        'git dependencies should contain exactly one version. ' +
          scrubSecrets(`${this.name} contains: {${wanted.map((each) => toRepr(each)).join(', ')}}`, context.env),
      )
    }
    return new GitPackage(this.repository, wanted[0] ?? 'HEAD', this.warnUnpinned, context)
  }
}

function nameOf(repository: Repository, git: string): string {
  return repository.subdirectory === null ? git : `${git}/${repository.subdirectory}`
}

class GitPackage implements PinnedPackage {
  readonly kind = 'git'
  #revision: string
  #metadata: Promise<PackageMetadata> | undefined

  constructor(
    readonly repository: Repository,
    revision: string,
    readonly warnUnpinned: boolean,
    readonly context: DepsContext,
  ) {
    this.#revision = revision
  }

  get name(): string {
    return nameOf(this.repository, this.repository.git)
  }

  get version(): string {
    return this.#revision
  }

  get subdirectory(): string | null {
    return this.repository.subdirectory
  }

  get versionName(): string {
    return this.#revision === 'HEAD' ? 'HEAD (default revision)' : `revision ${this.#revision}`
  }

  metadata(): Promise<PackageMetadata> {
    this.#metadata ??= this.#fetch().then((folder) =>
      readMetadata(folder, scrubSecrets(this.name, this.context.env), this.context),
    )
    return this.#metadata
  }

  /** The folder, fetched once in all; from then on the commit is the version. */
  async #fetch(): Promise<string> {
    const wanted = this.#revision
    const { checkouts } = this.context
    let checkout = checkouts.get(`${this.name}@${wanted}`)
    if (checkout === undefined) {
      checkout = checkoutGit({ ...this.repository, revision: wanted }, md5(`${this.name}@${wanted}`), this.context)
      checkouts.set(`${this.name}@${wanted}`, checkout)
      if (this.warnUnpinned && ['HEAD', 'main', 'master'].includes(wanted)) this.#warn(wanted)
    }
    const { folder, commit } = await checkout
    checkouts.set(`${this.name}@${commit}`, checkout)
    this.#revision = commit
    return folder
  }

  #warn(revision: string): void {
    const how = revision === 'HEAD' ? 'not pinned, using HEAD (default branch)' : `pinned to the "${revision}" branch`
    const msg =
      `The git package "${this.repository.git}" \n\tis ${how}.\n\tThis can introduce breaking changes into your project ` +
      'without warning!\n\nSee https://docs.getdbt.com/docs/package-management#section-specifying-package-versions'
    tell(this.context, 'warn', 'DepsUnpinned', 'M029', msg, {
      revision,
      git: scrubSecrets(this.repository.git, this.context.env),
    })
  }

  lockEntry(): JsonObject {
    const { unrendered, subdirectory, provider, isPrivate } = this.repository
    const scrubbed = scrubSecrets(unrendered, this.context.env)
    if (scrubbed !== unrendered) {
      const msg =
        `Detected secret env var in ${scrubbed}. dbt will write a scrubbed representation to the lock file. This will cause ` +
        "issues with subsequent 'dbt deps' using the lock file, requiring 'dbt deps --upgrade'"
      tell(this.context, 'warn', 'DepsScrubbedPackageName', 'M035', msg, { package_name: scrubbed })
    }
    return {
      [isPrivate ? 'private' : 'git']: scrubbed,
      revision: this.#revision,
      ...(subdirectory === null ? {} : { subdirectory }),
      ...(provider === null ? {} : { provider }),
    }
  }

  async install(target: string): Promise<void> {
    moveFolder(await this.#fetch(), target)
  }
}
