import type { Node, WindowDef } from 'libpg-query'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import { constantOf } from '../statement/ast.js'
import type { ExpressionContext } from './expression.js'
import { writeSort } from './sort.js'
import { joinSql, type Sql, sql } from './sql-text.js'

/** Bits of a window's frame, as the parser sets them. */
const FRAME = {
  nonDefault: 0x1,
  range: 0x2,
  rows: 0x4,
  groups: 0x8,
  between: 0x10,
  startUnboundedPreceding: 0x20,
  endUnboundedPreceding: 0x40,
  startUnboundedFollowing: 0x80,
  endUnboundedFollowing: 0x100,
  startCurrent: 0x200,
  endCurrent: 0x400,
  startOffsetPreceding: 0x800,
  endOffsetPreceding: 0x1000,
  startOffsetFollowing: 0x2000,
  endOffsetFollowing: 0x4000,
  exclusion: 0x38000,
} as const

/** `(PARTITION BY ... ORDER BY ... ROWS ...)`, or the name of a window of the WINDOW clause. */
export function writeWindow(window: WindowDef, write: (node: Node) => Sql, context: ExpressionContext): Sql {
  if (window.name !== undefined) return [context.quoteIdentifier(window.name)]
  const parts: (Sql | string)[] = []
  if (window.refname !== undefined) parts.push(context.quoteIdentifier(window.refname))
  if (window.partitionClause !== undefined) {
    parts.push(sql`PARTITION BY ${joinSql(window.partitionClause.map(write), ', ')}`)
  }
  if (window.orderClause !== undefined) {
    parts.push(
      sql`ORDER BY ${joinSql(
        window.orderClause.map((each) => writeSort(each, write)),
        ', ',
      )}`,
    )
  }
  const frame = writeFrame(window)
  if (frame !== '') parts.push(frame)
  return sql`(${joinSql(parts, ' ')})`
}

function writeFrame({ frameOptions = 0, startOffset, endOffset, location }: WindowDef): string {
  if ((frameOptions & FRAME.nonDefault) === 0) return ''
  if ((frameOptions & FRAME.exclusion) !== 0) {
    refuse(SQLSTATE.featureNotSupported, 'EXCLUDE in a window frame is not supported here', { location })
  }
  const unit = frameOptions & FRAME.rows ? 'ROWS' : frameOptions & FRAME.groups ? 'GROUPS' : 'RANGE'
  const offset = (node: Node | undefined): string => {
    const value = constantOf(node)
    if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
    return refuse(SQLSTATE.featureNotSupported, 'the offset of a window frame must be a whole number here', {
      location,
    })
  }
  const edge = (start: boolean): string => {
    const is = (name: string): boolean =>
      (frameOptions & (FRAME[`${start ? 'start' : 'end'}${name}` as keyof typeof FRAME] ?? 0)) !== 0
    if (is('UnboundedPreceding')) return 'UNBOUNDED PRECEDING'
    if (is('UnboundedFollowing')) return 'UNBOUNDED FOLLOWING'
    if (is('OffsetPreceding')) return `${offset(start ? startOffset : endOffset)} PRECEDING`
    if (is('OffsetFollowing')) return `${offset(start ? startOffset : endOffset)} FOLLOWING`
    return 'CURRENT ROW'
  }
  return frameOptions & FRAME.between ? `${unit} BETWEEN ${edge(true)} AND ${edge(false)}` : `${unit} ${edge(true)}`
}

/** `WINDOW w AS (...)` */
export function windowClause(windows: readonly Node[], write: (node: Node) => Sql, context: ExpressionContext): Sql {
  const named = windows.flatMap((each) => {
    if (!('WindowDef' in each)) return []
    const { name, ...definition } = each.WindowDef
    return [sql`${context.quoteIdentifier(name ?? '')} AS ${writeWindow(definition, write, context)}`]
  })
  return sql`WINDOW ${joinSql(named, ', ')}`
}
