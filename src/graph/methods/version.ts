import { fail } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import type { ModelNode, NodeVersion } from '../../manifest/index.js'
import type { SelectorMethod } from './method.js'

const KINDS: Readonly<Record<string, (model: ModelNode) => boolean>> = {
  latest: (model) => model.version !== null && model.version === model.latest_version,
  prerelease: (model) => compareToLatest(model) > 0,
  old: (model) => compareToLatest(model) < 0,
  none: (model) => model.version === null || model.version === undefined,
}

/** `version:latest|prerelease|old|none`: models by how their version stands to the latest one. */
export const version: SelectorMethod = {
  over: new Set(['model']),
  prepare(value) {
    const name = String(value)
    const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined
    if (kind === undefined) {
      return fail(
        'selector',
        'invalid-selection',
        `Invalid version type selector ${name}: expected one of: "latest", "prerelease", "old", or "none"`,
        { hint: didYouMean(name, Object.keys(KINDS)) },
      )
    }
    return (node) => node.resource_type === 'model' && kind(node)
  },
}

/** Negative when older than the latest version, positive when newer; 0 for models without versions. */
function compareToLatest({ version, latest_version: latest }: ModelNode): number {
  if (!version || !latest) return 0
  return compareVersions(version, latest)
}

/** As numbers where both are, else as text. */
function compareVersions(a: NodeVersion, b: NodeVersion): number {
  const [x, y] = [asNumber(a), asNumber(b)]
  if (x !== undefined && y !== undefined) return x - y
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0
}

function asNumber(version: NodeVersion): number | undefined {
  const text = String(version).trim()
  const number = Number(text)
  return text === '' || Number.isNaN(number) ? undefined : number
}
