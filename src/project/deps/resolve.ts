import { fail } from '../../core/diagnostic.js'
import type { PackageSpec } from '../packages-file.js'
import type { DepsContext } from './deps-context.js'
import { gitRequest, privateRequest } from './kinds/git.js'
import { hubRequest } from './kinds/hub.js'
import { localRequest } from './kinds/local.js'
import { tarballRequest } from './kinds/tarball.js'
import type { PackageRequest, PinnedPackage } from './package-kind.js'

const REQUESTS: {
  readonly [K in PackageSpec['kind']]: (spec: PackageSpec, context: DepsContext) => PackageRequest
} = {
  package: hubRequest,
  git: gitRequest,
  private: privateRequest,
  local: localRequest,
  tarball: tarballRequest,
}

/** Requests by name, merged; a package asked for under an alias is found too. */
class RequestList {
  readonly #requests = new Map<string, PackageRequest>()

  add(request: PackageRequest): PackageRequest {
    const key = request.aliases.find((name) => this.#requests.has(name)) ?? request.name
    const existing = this.#requests.get(key)
    if (existing !== undefined && existing.kind !== request.kind) {
      fail(
        'dependency',
        'package-kinds-mismatch',
        `Cannot incorporate ${request.name} (${request.kind}) in ${existing.name} (${existing.kind}): mismatched types`,
      )
    }
    const merged = existing?.merge(request) ?? request
    this.#requests.set(key, merged)
    return merged
  }

  get all(): readonly PackageRequest[] {
    return [...this.#requests.values()]
  }
}

/**
 * Settles the packages a project asks for and, level by level, those that they ask for in turn.
 * @throws PlumbError kind `dependency`
 */
export async function resolvePackages(
  specs: readonly PackageSpec[],
  rootName: string,
  context: DepsContext,
): Promise<PinnedPackage[]> {
  const final = new RequestList()
  const pinned = new Map<PackageRequest, Promise<PinnedPackage>>()
  const pin = (request: PackageRequest): Promise<PinnedPackage> => {
    let settled = pinned.get(request)
    if (settled === undefined) pinned.set(request, (settled = request.pin(context)))
    return settled
  }
  for (let pending = requestsOf(specs, context); pending.length > 0; ) {
    const next: PackageSpec[] = []
    for (const request of pending) {
      const settled = await pin(final.add(request))
      next.push(...(await settled.metadata()).packages)
    }
    pending = requestsOf(next, context)
  }
  const resolved = await Promise.all(final.all.map(pin))
  await checkNames(resolved, rootName)
  return resolved
}

/** The packages of a lock file: versions stand, nothing is looked up in turn. */
export function pinLocked(specs: readonly PackageSpec[], context: DepsContext): Promise<PinnedPackage[]> {
  return Promise.all(requestsOf(specs, context).map((request) => request.pin(context)))
}

function requestsOf(specs: readonly PackageSpec[], context: DepsContext): readonly PackageRequest[] {
  const list = new RequestList()
  for (const spec of specs) list.add(REQUESTS[spec.kind](spec, context))
  return list.all
}

async function checkNames(packages: readonly PinnedPackage[], rootName: string): Promise<void> {
  const seen = new Map<string, string>()
  for (const each of packages) {
    const { projectName } = await each.metadata()
    if (seen.has(projectName)) {
      fail(
        'dependency',
        'package-name-taken',
        `Found duplicate project "${projectName}". This occurs when a dependency has the same project name as some other dependency.`,
        { hint: `both ${seen.get(projectName)} and ${each.name} hold a project of that name` },
      )
    }
    if (projectName === rootName) {
      fail(
        'dependency',
        'package-name-taken',
        `Found a dependency with the same name as the root project "${projectName}". Package names must be unique in a ` +
          'project. Please rename one of these packages.',
        { hint: `it comes from ${each.name}` },
      )
    }
    seen.set(projectName, each.name)
  }
}
