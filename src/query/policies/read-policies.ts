import { fail } from '../../core/diagnostic.js'
import type { LineageGraph } from '../../lineage/index.js'
import type { ColumnInfo, Manifest, UniqueId } from '../../manifest/index.js'
import { NOBODY } from './audience.js'
import { resolveMetrics, resolveTables, type TableNode, tablesOf } from './names.js'
import type { Audience, Grant, Mask, MaskForm, PolicySet, RowFilter } from './policy.js'
import { onlyKeys, type Section, section, sections, text, texts } from './policy-file.js'
import { readPredicate } from './predicate.js'
import { type ColumnSets, isCleared, plumblineMeta, spread } from './taint.js'

/** Columns with this tag are masked even where no rule says so. */
const PERSONAL = 'pii'

const AUDIENCE = ['groups', 'users'] as const
const EXCEPTIONS = ['unless_groups', 'unless_users'] as const

export interface PolicyInput {
  readonly manifest: Manifest
  /** policies.yml, when there is one. */
  readonly file: Section | undefined
  readonly lineage: LineageGraph | null
}

/**
 * All rules of a project: those of policies.yml, and those in `meta: {plumbline: ...}` of models, columns and metrics.
 * @throws PlumbError for the first rule that cannot be followed to the letter.
 */
export function readPolicies(input: PolicyInput): PolicySet {
  const file = input.file ?? { fields: {}, at: 'policies.yml' }
  onlyKeys(file, ['version', 'grants', 'row_filters', 'masks'])
  const { manifest } = input
  const grants = sections(file, 'grants').map((rule) => readGrant(rule, manifest))
  const filters = sections(file, 'row_filters').map((rule) => {
    onlyKeys(rule, ['name', 'models', 'where', ...EXCEPTIONS])
    return readFilter(rule, resolveTables(manifest, required(rule, 'models'), rule.at))
  })
  const masks = sections(file, 'masks').map((rule) => readMask(rule, input))
  const own = ownRules(input)
  const unsaid = masks.some(({ tags }) => tags.includes(PERSONAL))
    ? []
    : [tagMask(PERSONAL, [PERSONAL], NOBODY, 'null', input)]
  return {
    grants: [...grants, ...own.grants],
    filters: [...filters, ...own.filters],
    masks: [...masks.map(({ mask }) => mask), ...unsaid, ...own.masks].filter((mask) => mask.columns.size > 0),
  }
}

function readGrant(rule: Section, manifest: Manifest): Grant {
  onlyKeys(rule, ['name', ...AUDIENCE, 'metrics', 'models'])
  return {
    name: text(rule, 'name') ?? rule.at,
    to: audience(rule, AUDIENCE),
    metrics: resolveMetrics(manifest, texts(rule, 'metrics'), rule.at),
    models: resolveTables(manifest, texts(rule, 'models'), rule.at),
  }
}

function readFilter(rule: Section, on: ReadonlySet<UniqueId>): RowFilter {
  const [where] = required(rule, 'where')
  return {
    name: text(rule, 'name') ?? rule.at,
    on,
    predicate: readPredicate(where!, rule.at),
    unless: audience(rule, EXCEPTIONS),
  }
}

function readMask(rule: Section, input: PolicyInput): { readonly mask: Mask; readonly tags: readonly string[] } {
  onlyKeys(rule, ['name', 'tags', 'columns', 'as', ...EXCEPTIONS])
  const tags = texts(rule, 'tags').map((tag) => tag.toLowerCase())
  const name = text(rule, 'name') ?? rule.at
  const unless = audience(rule, EXCEPTIONS)
  const origins = taggedColumns(input.manifest, tags)
  for (const path of texts(rule, 'columns')) {
    const dot = path.lastIndexOf('.')
    if (dot < 1) fail('project', 'policy-file', `${rule.at}: '${path}' must be written as table.column`)
    for (const id of resolveTables(input.manifest, [path.slice(0, dot)], rule.at)) add(origins, id, path.slice(dot + 1))
  }
  if (tags.length === 0 && origins.size === 0)
    fail('project', 'policy-file', `${rule.at} names neither tags nor columns`)
  return { tags, mask: { name, unless, form: maskForm(rule), columns: spread(origins, input.manifest, input.lineage) } }
}

function tagMask(name: string, tags: readonly string[], unless: Audience, form: MaskForm, input: PolicyInput): Mask {
  return { name, unless, form, columns: spread(taggedColumns(input.manifest, tags), input.manifest, input.lineage) }
}

function taggedColumns(manifest: Manifest, tags: readonly string[]): ColumnSets {
  const found: ColumnSets = new Map()
  for (const table of tablesOf(manifest)) {
    for (const column of Object.values(table.columns)) {
      if (!isCleared(column) && tagsOf(column).some((tag) => tags.includes(tag.toLowerCase()))) {
        add(found, table.unique_id, column.name)
      }
    }
  }
  return found
}

function tagsOf(column: ColumnInfo): string[] {
  return [...(column.tags ?? []), ...(column.config?.tags ?? [])]
}

/** Rules in the meta of what they are about. */
function ownRules(input: PolicyInput): PolicySet {
  const grants: Grant[] = []
  const filters: RowFilter[] = []
  const masks: Mask[] = []
  for (const metric of Object.values(input.manifest.metrics)) {
    const rule = metaSection(metric, metric)
    if (rule === undefined) continue
    onlyKeys(rule, AUDIENCE)
    grants.push({
      name: rule.at,
      to: audience(rule, AUDIENCE),
      metrics: new Set([metric.name.toLowerCase()]),
      models: new Set(),
    })
  }
  for (const table of tablesOf(input.manifest)) {
    const on = new Set([table.unique_id])
    const rule = metaSection(table, table)
    if (rule !== undefined) {
      onlyKeys(rule, [...AUDIENCE, 'row_filters'])
      const to = audience(rule, AUDIENCE)
      if (to.groups.length + to.users.length > 0) grants.push({ name: rule.at, to, metrics: new Set(), models: on })
      for (const each of sections(rule, 'row_filters')) {
        onlyKeys(each, ['name', 'where', ...EXCEPTIONS])
        filters.push(readFilter(each, on))
      }
    }
    for (const column of Object.values(table.columns)) {
      const mask = columnMask(table, column, input)
      if (mask !== undefined) masks.push(mask)
    }
  }
  return { grants, filters, masks }
}

function columnMask(table: TableNode, column: ColumnInfo, input: PolicyInput): Mask | undefined {
  const rule = metaSection(column, table)
  if (rule === undefined || isCleared(column)) return undefined
  onlyKeys(rule, ['mask', ...EXCEPTIONS])
  const form = rule.fields['mask'] === true ? 'null' : maskForm(rule, 'mask')
  const origins: ColumnSets = new Map()
  add(origins, table.unique_id, column.name)
  const name = `${table.name}.${column.name}`
  return { name, unless: audience(rule, EXCEPTIONS), form, columns: spread(origins, input.manifest, input.lineage) }
}

function metaSection(
  thing: Parameters<typeof plumblineMeta>[0],
  owner: { readonly name: string; readonly original_file_path: string },
): Section | undefined {
  const meta = plumblineMeta(thing)
  return Object.keys(meta).length === 0
    ? undefined
    : section(meta, `${owner.original_file_path}, meta.plumbline of ${owner.name}`)
}

function maskForm(rule: Section, key = 'as'): MaskForm {
  const form = text(rule, key) ?? 'null'
  if (form !== 'null' && form !== 'stars') {
    fail('project', 'policy-file', `${rule.at}, ${key} must be null or stars`)
  }
  return form
}

function audience(rule: Section, [groups, users]: readonly [string, string]): Audience {
  return { groups: texts(rule, groups), users: texts(rule, users) }
}

function required(rule: Section, key: string): readonly string[] {
  const values = texts(rule, key)
  if (values.length === 0) fail('project', 'policy-file', `${rule.at} needs ${key}`)
  return values
}

function add(sets: ColumnSets, id: UniqueId, column: string): void {
  const columns = sets.get(id) ?? new Set()
  columns.add(column.toLowerCase())
  sets.set(id, columns)
}
