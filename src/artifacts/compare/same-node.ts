import type { EventSink } from '../../core/event.js'
import type { FunctionNode, ManifestNode, ModelNode, SeedNode } from '../../manifest/index.js'
import { sameUnrenderedConfig } from './same-config.js'
import { sameRecord, sameValue } from './same-value.js'

/** What has SQL or data of its own: everything in the manifest's `nodes`, and functions. */
export type ProjectNode = ManifestNode | FunctionNode

/** The text, or the data of a seed. */
export function sameBody(now: ProjectNode, before: ProjectNode, emit: EventSink): boolean {
  if (now.resource_type === 'seed') return before.resource_type === 'seed' && sameSeed(now, before, emit)
  return now.raw_code === before.raw_code
}

export function sameConfig(now: ProjectNode, before: ProjectNode): boolean {
  return sameUnrenderedConfig(now.resource_type, now.unrendered_config, before.unrendered_config)
}

/** Where the relation is to be, as written; what the target decides does not count. */
export function sameRelation(now: ProjectNode, before: ProjectNode): boolean {
  return ['database', 'schema', 'alias'].every((key) =>
    sameValue(now.unrendered_config?.[key] ?? null, before.unrendered_config?.[key] ?? null),
  )
}

/** Descriptions, as far as they are written to the warehouse. */
export function samePersistedDescriptions(now: ProjectNode, before: ProjectNode): boolean {
  const persist = now.config.persist_docs
  if (persist?.relation && now.description !== before.description) return false
  if (!persist?.columns) return true
  const descriptions = (node: ProjectNode) =>
    Object.fromEntries(Object.entries(node.columns).map(([name, column]) => [name, column.description]))
  return sameValue(descriptions(now), descriptions(before))
}

export function sameFqn(now: { fqn: string[] }, before: { fqn: string[] }): boolean {
  return sameValue(now.fqn, before.fqn)
}

/** What decides how others may refer to a model. */
export function sameAsReference(now: ModelNode, before: ModelNode): boolean {
  return (
    (now.latest_version ?? null) === (before.latest_version ?? null) &&
    now.access === (before.access ?? 'protected') &&
    instant(now.deprecation_date) === instant(before.deprecation_date)
  )
}

export function sameSignature(now: FunctionNode, before: FunctionNode): boolean {
  return sameRecord(now.arguments, before.arguments) && sameRecord(now.returns, before.returns)
}

function instant(date: string | null | undefined): number | null {
  return date === null || date === undefined ? null : Date.parse(date)
}

/** By checksum; of seeds too large for one only the path is known, and a warning says what was assumed. */
function sameSeed(now: SeedNode, before: SeedNode, emit: EventSink): boolean {
  const { checksum } = now
  const same =
    checksum.name !== 'none' && checksum.name === before.checksum.name && checksum.checksum === before.checksum.checksum
  if (checksum.name === 'path') {
    const found = `Found a seed (${now.package_name}.${now.name}) >1MB in size`
    const data = { package_name: now.package_name, name: now.name }
    if (before.checksum.name !== 'path') {
      emit({
        name: 'SeedIncreased',
        code: 'I052',
        level: 'warn',
        msg: `${found}. The previous file was <=1MB, so it has changed`,
        data,
      })
    } else if (same) {
      emit({
        name: 'SeedExceedsLimitSamePath',
        code: 'I053',
        level: 'warn',
        msg: `${found} at the same path, dbt cannot tell if it has changed: assuming they are the same`,
        data,
      })
    } else {
      emit({
        name: 'SeedExceedsLimitAndPathChanged',
        code: 'I054',
        level: 'warn',
        msg: `${found}. The previous file was in a different location, assuming it has changed`,
        data,
      })
    }
  }
  return same
}
