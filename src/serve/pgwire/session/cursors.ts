import type { Node } from 'libpg-query'
import type { Field } from '../protocol/backend.js'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import type { SessionEnvironment } from './environment.js'
import { Portal, type RowPlan, type StatementPlan } from './portal.js'
import type { RowSource } from './row-source.js'

const HOLD = 0x20
const ALL_ROWS = 0x7fffffff

/** DECLARE, FETCH, MOVE and CLOSE; undefined for other statements. */
export function planCursor(
  node: Node,
  session: SessionEnvironment,
  select: (query: Node | undefined) => RowPlan,
): StatementPlan | undefined {
  if ('DeclareCursorStmt' in node) {
    const { portalname = '', query, options = 0 } = node.DeclareCursorStmt
    const plan = select(query)
    return {
      kind: 'command',
      async run() {
        const held = (options & HOLD) !== 0
        if (!session.transaction.open && !held) {
          refuse(SQLSTATE.noActiveTransaction, 'DECLARE CURSOR can only be used in transaction blocks')
        }
        if (session.portals.has(portalname)) refuse(SQLSTATE.duplicateCursor, `cursor "${portalname}" already exists`)
        session.portals.set(portalname, new Portal({ kind: 'rows', ...plan }, [], held))
        return 'DECLARE CURSOR'
      },
    }
  }
  if ('ClosePortalStmt' in node) {
    const { portalname } = node.ClosePortalStmt
    return {
      kind: 'command',
      async run() {
        if (portalname === undefined) {
          for (const portal of session.portals.values()) await portal.close()
          session.portals.clear()
          return 'CLOSE CURSOR ALL'
        }
        await cursorNamed(portalname, session).close()
        session.portals.delete(portalname)
        return 'CLOSE CURSOR'
      },
    }
  }
  return 'FetchStmt' in node ? planFetch(node.FetchStmt, session) : undefined
}

function cursorNamed(name: string, session: SessionEnvironment): Portal {
  return session.portals.get(name) ?? refuse(SQLSTATE.invalidCursorName, `cursor "${name}" does not exist`)
}

function planFetch(
  fetch: Extract<Node, { FetchStmt: unknown }>['FetchStmt'],
  session: SessionEnvironment,
): StatementPlan {
  const { portalname = '', direction, ismove } = fetch
  const howMany = Number(fetch.howMany ?? 0)
  const forward = direction === 'FETCH_FORWARD' || direction === 'FETCH_RELATIVE'
  if (!forward || howMany < 0) {
    refuse(SQLSTATE.objectNotInState, 'cursor can only scan forward', { hint: 'rows are not kept once they were read' })
  }
  const limit = howMany >= ALL_ROWS ? 0 : howMany
  const cursor = cursorNamed(portalname, session)
  if (ismove === true) {
    return {
      kind: 'command',
      async run() {
        let moved = 0
        for await (const { from, to } of rowsOf(cursor, limit, howMany)) moved += to - from
        return `MOVE ${moved}`
      },
    }
  }
  const fields = async (): Promise<readonly Field[]> => (await cursor.source()).fields
  return {
    kind: 'rows',
    tag: (rows) => `FETCH ${rows}`,
    describe: fields,
    async open(): Promise<RowSource> {
      return {
        fields: await fields(),
        notices: [],
        async *batches() {
          for await (const { batch, from, to } of rowsOf(cursor, limit, howMany)) {
            yield {
              rowCount: to - from,
              writer(formats) {
                const { room, put, messages } = batch.writer(formats)
                return {
                  room: (row) => room(from + row),
                  put: (view, at, row) => put(view, at, from + row),
                  messages: (out, type, first, end) => messages(out, type, from + first, from + end) - from,
                }
              },
            }
          }
        },
        // The cursor lives on.
        close: async () => {},
      }
    },
  }
}

async function* rowsOf(cursor: Portal, limit: number, howMany: number) {
  if (howMany === 0) return
  yield* cursor.slices(limit)
}
