import type { ColumnImpact, Impact, ResourceImpact } from '../impact.js'
import { type Movement, movementText, percentText } from '../movement.js'

/** How a table or metric moved, with `--data`. */
export interface DataChange {
  readonly name: string
  readonly kind: 'rows' | 'metric'
  readonly before: number | null
  readonly after: number | null
  /** Where the movement of a metric lies; absent when it lies everywhere. */
  readonly moved?: Movement
  /** The last period of a metric that has no single value: what is compared then. */
  readonly at?: string
  /** Why there is nothing to compare. */
  readonly reason?: string
}

const SIGNS = { added: '+', removed: '-', modified: '~', affected: '>' } as const

/** The report for a terminal. */
export function impactText({ resources, breaking }: Impact, data: readonly DataChange[]): string {
  if (resources.length === 0 && data.length === 0) return 'Nothing changed.'
  const lines: string[] = []
  for (const change of ['removed', 'added', 'modified', 'affected'] as const) {
    const list = resources.filter((each) => each.change === change)
    if (list.length === 0) continue
    lines.push(...(lines.length === 0 ? [] : ['']), `${change} (${list.length})`)
    if (change === 'affected') lines.push(...namesByType(list).map((line) => `  ${SIGNS.affected} ${line}`))
    else for (const each of list) lines.push(...resourceLines(each))
  }
  if (data.length > 0) {
    const still = data.filter(isStill)
    lines.push('', 'data', ...data.filter((each) => !isStill(each)).map((each) => `  ${dataText(each)}`))
    if (still.length > 0) lines.push(`  unchanged: ${still.map(stillText).join(', ')}`)
  }
  return [...lines, '', verdict(resources, breaking)].join('\n')
}

function verdict(resources: readonly ResourceImpact[], breaking: boolean): string {
  if (!breaking) return 'Not breaking.'
  const used = resources.some((each) => each.breaking && each.columns.some(({ usedBy }) => usedBy.length > 0))
  return used
    ? 'Breaking: something still uses what is gone.'
    : 'Breaking: nothing here uses what is gone, but it was promised to others (public, or under contract).'
}

/** `model customers, orders`: one line for each type. */
function namesByType(list: readonly ResourceImpact[]): string[] {
  const types = [...new Set(list.map(({ type }) => type))]
  return types.map((type) => {
    const names = list.filter((each) => each.type === type).map(({ name }) => name)
    return `${type} ${names.join(', ')}`
  })
}

function isStill({ before, after, reason }: DataChange): boolean {
  return reason === undefined && before !== null && before === after
}

function stillText({ name, kind }: DataChange): string {
  return kind === 'rows' ? `rows of ${name}` : name
}

function resourceLines(each: ResourceImpact): string[] {
  const head = `  ${SIGNS[each.change]} ${each.type} ${each.name}${each.breaking ? '  BREAKING' : ''}`
  return [head, ...whatOf(each).map((what) => `      ${what}`)]
}

function whatOf(each: ResourceImpact): string[] {
  return [
    ...(each.rows ? [`rows: ${rowsText(each)}`] : []),
    ...each.columns.map(columnText),
    ...(each.promised ? ['it is public or under contract: others may use what is gone'] : []),
  ]
}

/** `now filtered by orders.amount`; where the columns are the same, only that something is different. */
function rowsText({ rowUses }: ResourceImpact): string {
  const short = (use: string): string => use.replace(/ (?:model|seed|snapshot|source)\.[^.]+\./, ' ')
  const { added = [], removed = [] } = rowUses ?? {}
  const parts = [
    ...(added.length > 0 ? [`now ${added.map(short).join(', ')}`] : []),
    ...(removed.length > 0 ? [`no longer ${removed.map(short).join(', ')}`] : []),
  ]
  return parts.length > 0 ? parts.join('; ') : 'a filter, join or grouping of the same columns changed'
}

function columnText({ name, change, before, after, usedBy }: ColumnImpact): string {
  const used =
    usedBy.length === 0
      ? ''
      : `, still used by ${usedBy.slice(0, 3).join(', ')}${usedBy.length > 3 ? ` and ${usedBy.length - 3} more` : ''}`
  switch (change) {
    case 'added':
      return `+ ${name}${after === null ? '' : ` ${after}`}`
    case 'removed':
      return `- ${name}${used}`
    case 'renamed':
      return `~ ${before} is now called ${after}${used}`
    case 'retyped':
      return `~ ${name}: ${before} is now ${after}${used}`
    default:
      return `~ ${name}: computed in another way`
  }
}

/** `revenue 1,204 -> 1,179 (-2.1 %)` */
function dataText({ name, kind, before, after, moved, at, reason }: DataChange): string {
  const what = `${kind === 'rows' ? `${name}: rows` : name}${at ? ` on ${at}` : ''}`
  if (reason !== undefined) return `${what}: ${reason}`
  const [then, now] = numberTexts(before, after)
  return `${what} ${then} -> ${now}${shareText(before, after)}${moved ? ` ${movementText(moved)}` : ''}`
}

function shareText(before: number | null, after: number | null): string {
  if (before === null || after === null) return ''
  if (before === after) return ' (unchanged)'
  if (before === 0) return ''
  return ` (${percentText(before, after)})`
}

/** Two numbers, with as many places as it takes to tell them apart. */
function numberTexts(before: number | null, after: number | null): [string, string] {
  for (let places = 2; ; places++) {
    const texts: [string, string] = [numberText(before, places), numberText(after, places)]
    if (places >= 8 || before === after || texts[0] !== texts[1]) return texts
  }
}

function numberText(value: number | null, places: number): string {
  return value === null ? 'none' : value.toLocaleString('en-US', { maximumFractionDigits: places })
}

/** The report as a comment of a pull request. */
export function impactMarkdown({ resources, breaking }: Impact, data: readonly DataChange[]): string {
  const lines = [`### What this change touches${breaking ? ': **breaking**' : ''}`, '']
  if (resources.length === 0) lines.push('Nothing.')
  else {
    lines.push('| | resource | what |', '|---|---|---|')
    for (const each of resources.filter(({ change }) => change !== 'affected')) {
      const what = whatOf(each).map(escaped).join('<br>')
      lines.push(`| ${each.change}${each.breaking ? ' **breaking**' : ''} | ${each.type} \`${each.name}\` | ${what} |`)
    }
    const affected = resources.filter(({ change }) => change === 'affected')
    if (affected.length > 0)
      lines.push('', 'Downstream of it:', '', ...namesByType(affected).map((line) => `- ${line}`))
  }
  if (data.length > 0) {
    lines.push('', '| | before | after | | where |', '|---|---:|---:|---:|---|')
    for (const each of data.filter((change) => !isStill(change))) lines.push(dataRow(each))
    const still = data.filter(isStill)
    if (still.length > 0) lines.push('', `Unchanged: ${still.map(stillText).join(', ')}`)
  }
  if (breaking) lines.push('', verdict(resources, breaking))
  return lines.join('\n')
}

function dataRow({ name, kind, before, after, moved, at, reason }: DataChange): string {
  const what = `${kind === 'rows' ? `rows of \`${name}\`` : `\`${name}\``}${at ? ` on ${at}` : ''}`
  if (reason !== undefined) return `| ${what} | | | ${escaped(reason)} | |`
  const [then, now] = numberTexts(before, after)
  const share = shareText(before, after).replace(/^ \(|\)$/g, '')
  return `| ${what} | ${then} | ${now} | ${share} | ${moved ? escaped(movementText(moved)) : ''} |`
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|')
}
