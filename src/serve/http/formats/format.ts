import type { Answer } from '../../../query/index.js'

/** A form in which answers leave: bytes as the rows come, none kept. */
export interface AnswerFormat {
  readonly name: string
  readonly mediaType: string
  readonly extension: string
  /** What is written, piece by piece. */
  encode(answer: Answer): AsyncIterable<string | Uint8Array>
}
