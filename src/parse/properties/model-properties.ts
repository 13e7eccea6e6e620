import { toRepr, toStr, type Value } from '../../jinja/index.js'
import type { ModelNode, NodeVersion, ParsedNode, TimeSpine } from '../../manifest/index.js'
import { failAccess } from '../apply-config.js'
import type { ParseState } from '../state.js'
import { applyConstraints, setContractChecksum } from './constraints.js'
import { normalizeDate } from './dates.js'
import type { Data, NodeProperties } from './node-properties.js'

/** One entry of `versions:`. */
export interface ModelVersion {
  readonly v: NodeVersion
  readonly data: Data
  /** Columns of its own. */
  readonly columns: readonly Data[]
  /** Which of the model's columns it has. */
  readonly includes: (column: string) => boolean
}

/** What only models say. */
export interface ModelProperties extends NodeProperties {
  readonly versions: readonly ModelVersion[]
  readonly latestVersion: NodeVersion | null
  readonly timeSpine: TimeSpine | null
}

/**
 * Reads the parts of a model's entry that other nodes do not have.
 * @throws PlumbError when they contradict each other.
 */
export function readModelProperties(props: NodeProperties): ModelProperties {
  const { data } = props
  const versions = ((data['versions'] ?? []) as Data[]).map((version, i) => readVersion(props, version, i))
  const latest = (data['latest_version'] as NodeVersion | null | undefined) ?? null
  checkVersions(props, versions, latest)
  const model: ModelProperties = {
    ...props,
    versions,
    latestVersion: latest ?? highestVersion(versions),
    timeSpine: timeSpineOf(data['time_spine']),
  }
  if (model.timeSpine !== null) checkTimeSpine(model, model.timeSpine, latest)
  return model
}

function readVersion(props: NodeProperties, data: Data, index: number): ModelVersion {
  const items = (data['columns'] ?? []) as Data[]
  const filters = items.filter((item) => 'include' in item)
  const { properties, base } = props.entry
  const path = [...base, 'versions', index, 'columns']
  if (filters.length > 1) {
    throw properties.error('version-invalid', 'version can have at most one include/exclude element', path)
  }
  const include = filters[0]?.['include'] ?? '*'
  const exclude = (filters[0]?.['exclude'] ?? []) as string[]
  const all = include === 'all' || include === '*'
  if (!all && typeof include === 'string') {
    throw properties.error('version-invalid', "include must be one of ('all', '*') or a list of strings", path)
  }
  if (!all && exclude.length > 0) {
    throw properties.error('version-invalid', "exclude can only be specified if include is one of ('all', '*')", path)
  }
  return {
    v: data['v'] as NodeVersion,
    data,
    columns: items.filter((item) => !('include' in item)),
    includes: (column) => (all || (include as string[]).includes(column)) && !exclude.includes(column),
  }
}

function checkVersions(props: NodeProperties, versions: readonly ModelVersion[], latest: NodeVersion | null): void {
  const { properties, base } = props.entry
  if (latest && !versions.some(({ v }) => v === latest)) {
    const shown = toRepr(versions.map(({ v }) => v as Value))
    throw properties.error(
      'version-invalid',
      `latest_version: ${toStr(latest)} is not one of model '${props.name}' versions: ${shown} `,
      [...base, 'latest_version'],
    )
  }
  const seen = new Set<string>()
  for (const [i, { v }] of versions.entries()) {
    if (seen.has(toStr(v))) {
      throw properties.error(
        'version-invalid',
        `Found duplicate version: '${toStr(v)}' in versions list of model '${props.name}'`,
        [...base, 'versions', i, 'v'],
      )
    }
    seen.add(toStr(v))
  }
}

/** By number where both are numbers, else by text. */
function highestVersion(versions: readonly ModelVersion[]): NodeVersion | null {
  let highest: NodeVersion | null = null
  for (const { v } of versions) if (highest === null || isLower(highest, v)) highest = v
  return highest
}

function isLower(a: NodeVersion, b: NodeVersion): boolean {
  const [x, y] = [Number(a), Number(b)]
  return Number.isNaN(x) || Number.isNaN(y) ? toStr(a) < toStr(b) : x < y
}

/** The columns a version has: the model's that it includes, then its own. */
export function columnsOfVersion(model: ModelProperties, version: ModelVersion): Data[] {
  return [...model.columns.filter((column) => version.includes(column['name'] as string)), ...version.columns]
}

function timeSpineOf(given: unknown): TimeSpine | null {
  if (given === null || given === undefined) return null
  const data = given as { standard_granularity_column: string; custom_granularities?: Data[] }
  return {
    standard_granularity_column: data.standard_granularity_column,
    custom_granularities: (data.custom_granularities ?? []).map((each) => ({
      name: each['name'] as string,
      column_name: (each['column_name'] as string | undefined) ?? null,
    })),
  }
}

function checkTimeSpine(model: ModelProperties, spine: TimeSpine, latest: NodeVersion | null): void {
  const version = latest === null ? undefined : model.versions.find(({ v }) => v === latest)
  const columns = version === undefined ? model.columns : columnsOfVersion(model, version)
  const names = columns.map((column) => column['name'] as string)
  const { properties, base } = model.entry
  const fault = (message: string): Error => properties.error('time-spine-invalid', message, [...base, 'time_spine'])
  const standard = spine.standard_granularity_column
  const column = columns.find((c) => c['name'] === standard)
  if (column === undefined) {
    throw fault(
      `Time spine standard granularity column must be defined on the model. Got invalid column name '${standard}' for ` +
        `model '${model.name}'. Valid names${latest ? ' for latest version' : ''}: ${toRepr(names)}.`,
    )
  }
  if (!column['granularity']) {
    throw fault(
      'Time spine standard granularity column must have a granularity defined. Please add one for column ' +
        `'${standard}' in model '${model.name}'.`,
    )
  }
  const missing = spine.custom_granularities.map((c) => c.column_name ?? c.name).filter((name) => !names.includes(name))
  if (missing.length > 0) {
    throw fault(
      `Time spine custom granularity columns do not exist in the model. Columns not found: ${toRepr(missing)}; ` +
        `Available columns: ${toRepr(names)}`,
    )
  }
}

/** Sets what only models have; see {@link readModelProperties}. */
export function setModelProperties(state: ParseState, node: ParsedNode, props: ModelProperties, v: VersionOf): void {
  const model = node as ModelNode
  model.version = v.version
  model.latest_version = v.latestVersion
  const date = v.deprecationDate
  model.deprecation_date = date ? normalizeDate(date) : null
  if (v.access) {
    if (!['private', 'protected', 'public'].includes(v.access)) failAccess(model, v.access)
    model.access = v.access as ModelNode['access']
  }
  applyConstraints(state, model, v.constraints)
  model.time_spine = v.version === null ? props.timeSpine : null
  setContractChecksum(model)
}

/** Values of a model or of one of its versions. */
export interface VersionOf {
  readonly version: NodeVersion | null
  readonly latestVersion: NodeVersion | null
  readonly deprecationDate: string | null
  readonly access: string | null
  readonly constraints: readonly Data[]
}
