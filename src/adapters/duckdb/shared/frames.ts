import type { Socket } from 'node:net'
import { deserialize, serialize } from 'node:v8'
import type { Diagnostic } from '../../../core/diagnostic.js'
import type { ExecuteOptions, QueryResult } from '../../adapter.js'
import type { RelationName } from '../../relation.js'

/** What one process asks of the one that has the database open. */
export type Request =
  | { readonly op: 'hello'; readonly name: string }
  | { readonly op: 'execute'; readonly sql: string; readonly options: ExecuteOptions }
  | { readonly op: 'begin' | 'commit' | 'rollback' }
  | { readonly op: 'cancel' }
  | {
      readonly op: 'load'
      readonly relation: RelationName
      readonly columns: readonly string[]
      readonly rows: readonly (readonly (string | null)[])[]
    }

export interface RequestFrame {
  readonly id: number
  readonly request: Request
}

export interface ReplyFrame {
  readonly id: number
  readonly inTransaction: boolean
  readonly value: QueryResult | number | null
  /** Set when it failed. */
  readonly diagnostics: readonly Diagnostic[] | null
}

const HEADER = 4

/** More than any statement or result that is sent this way. */
const LONGEST = 1 << 30

export function writeFrame(socket: Socket, frame: RequestFrame | ReplyFrame): void {
  const body = serialize(frame)
  const head = Buffer.alloc(HEADER)
  head.writeUInt32BE(body.length)
  socket.write(head)
  socket.write(body)
}

/** Calls back with every frame that arrives, in order. A stream that makes no sense is closed. */
export function readFrames<T>(socket: Socket, take: (frame: T) => void): void {
  let chunks: Buffer[] = []
  let have = 0
  let need = HEADER
  let inBody = false
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    have += chunk.length
    while (have >= need) {
      const all = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
      const part = all.subarray(0, need)
      const rest = all.subarray(need)
      chunks = rest.length === 0 ? [] : [rest]
      have = rest.length
      if (inBody) {
        inBody = false
        need = HEADER
        take(deserialize(part) as T)
        continue
      }
      need = part.readUInt32BE()
      inBody = true
      if (need > LONGEST) {
        socket.destroy()
        return
      }
    }
  })
}
