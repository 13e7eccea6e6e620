import type { ColumnImpact, Impact, ResourceImpact } from '../impact.js'
import { type Movement, movementText } from '../movement.js'

/** How a table or metric moved, with `--data`. */
export interface DataChange {
  readonly name: string
  readonly kind: 'rows' | 'metric'
  readonly before: number | null
  readonly after: number | null
  /** Where the movement of a metric lies; absent when it lies everywhere. */
  readonly moved?: Movement
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
    for (const each of list) lines.push(...resourceLines(each))
  }
  if (data.length > 0) lines.push('', 'data', ...data.map((each) => `  ${dataText(each)}`))
  return [...lines, '', breaking ? 'Breaking: something still uses what is gone.' : 'Not breaking.'].join('\n')
}

function resourceLines(each: ResourceImpact): string[] {
  const head = `  ${SIGNS[each.change]} ${each.type} ${each.name}${each.breaking ? '  BREAKING' : ''}`
  const rows = each.rows ? ['      rows: a filter, join, grouping or table changed'] : []
  return [head, ...rows, ...each.columns.map((column) => `      ${columnText(column)}`)]
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
function dataText({ name, kind, before, after, moved, reason }: DataChange): string {
  const what = kind === 'rows' ? `${name}: rows` : name
  if (reason !== undefined) return `${what}: ${reason}`
  return `${what} ${numberText(before)} -> ${numberText(after)}${shareText(before, after)}${moved ? ` ${movementText(moved)}` : ''}`
}

function shareText(before: number | null, after: number | null): string {
  if (before === null || after === null) return ''
  if (before === after) return ' (unchanged)'
  if (before === 0) return ''
  const share = (100 * (after - before)) / Math.abs(before)
  return ` (${share > 0 ? '+' : ''}${share.toFixed(1)} %)`
}

function numberText(value: number | null): string {
  return value === null ? 'none' : value.toLocaleString('en-US', { maximumFractionDigits: 2 })
}

/** The report as a comment of a pull request. */
export function impactMarkdown({ resources, breaking }: Impact, data: readonly DataChange[]): string {
  const lines = [`### What this change touches${breaking ? ': **breaking**' : ''}`, '']
  if (resources.length === 0) lines.push('Nothing.')
  else {
    lines.push('| | resource | what |', '|---|---|---|')
    for (const each of resources.filter(({ change }) => change !== 'affected')) {
      const what = [
        ...(each.rows ? ['rows: a filter, join, grouping or table changed'] : []),
        ...each.columns.map(columnText),
      ]
      lines.push(
        `| ${each.change}${each.breaking ? ' **breaking**' : ''} | ${each.type} \`${each.name}\` | ${what.map(escaped).join('<br>')} |`,
      )
    }
    const affected = resources.filter(({ change }) => change === 'affected')
    if (affected.length > 0)
      lines.push('', `Downstream of it: ${affected.map(({ type, name }) => `${type} \`${name}\``).join(', ')}`)
  }
  if (data.length > 0) {
    lines.push('', '| | before | after | | where |', '|---|---:|---:|---:|---|')
    for (const { name, kind, before, after, moved, reason } of data)
      lines.push(
        reason === undefined
          ? `| ${kind === 'rows' ? `rows of \`${name}\`` : `\`${name}\``} | ${numberText(before)} | ${numberText(after)} | ${shareText(before, after).replace(/^ \(|\)$/g, '')} | ${moved ? escaped(movementText(moved)) : ''} |`
          : `| \`${name}\` | | | ${escaped(reason)} | |`,
      )
  }
  return lines.join('\n')
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|')
}
