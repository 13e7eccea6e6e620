import type { ManifestNode, ModelNode, NodeVersion } from '../manifest/index.js'
import type { NodeScope } from './node-scope.js'

/**
 * Says that a newer version of a model waits to become the latest, when a reference without version was resolved to
 * the latest one.
 */
export function noteNewerVersion(scope: NodeScope, target: ManifestNode): void {
  if (target.resource_type !== 'model' || target.version === null || target.latest_version === null) return
  const newest = newestVersion(scope, target)
  if (compareVersions(newest, target.latest_version) <= 0) return
  const { name, package_name: packageName, version } = target
  const reference = (v: NodeVersion): string => `{{ ref('${packageName}', '${name}', v='${v}') }}`
  const msg =
    `While compiling '${scope.subject.name}':\n` +
    `Found an unpinned reference to versioned model '${name}' in project '${packageName}'.\n` +
    `Resolving to latest version: ${name}.v${version}\n` +
    `Version ${newest} is a prerelease: this reference will resolve to it once it is marked as latest.\n\n` +
    `  Try out v${newest}: ${reference(newest)}\n  Pin to  v${version}: ${reference(version)}\n`
  const data = {
    ref_node_name: name,
    ref_node_package: packageName,
    ref_node_version: String(version),
    ref_max_version: String(newest),
  }
  scope.emit({ name: 'UnpinnedRefNewVersionAvailable', code: 'I064', level: 'info', msg, data })
}

function newestVersion(scope: NodeScope, target: ModelNode): NodeVersion {
  return scope.session
    .shared<Map<string, NodeVersion>>('newest versions', () =>
      newestVersions(Object.values(scope.session.manifest.nodes)),
    )
    .get(target.name)!
}

function newestVersions(nodes: readonly ManifestNode[]): Map<string, NodeVersion> {
  const newest = new Map<string, NodeVersion>()
  for (const node of nodes) {
    if (node.resource_type !== 'model' || node.version === null) continue
    const known = newest.get(node.name)
    if (known === undefined || compareVersions(node.version, known) > 0) newest.set(node.name, node.version)
  }
  return newest
}

/** Numbers by size, anything else as text. */
function compareVersions(a: NodeVersion, b: NodeVersion): number {
  const [x, y] = [Number(a), Number(b)]
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0
}
