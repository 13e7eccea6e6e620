import { refuse, SQLSTATE } from './wire-error.js'

/** A message as it came: its type (0 for the untyped ones before the session starts) and what follows the length. */
export interface Frame {
  readonly type: number
  readonly body: Buffer
}

/**
 * Cuts the bytes of a client into messages. Nothing is copied until a message is whole, and no message may be longer
 * than the limit of its phase: a length that lies costs nothing.
 */
export class FrameReader {
  #chunks: Buffer[] = []
  #buffered = 0
  #typed = false
  #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  /** From now on messages have a type and may be as long as `limit`. */
  startTyped(limit: number): void {
    this.#typed = true
    this.#limit = limit
  }

  allow(limit: number): void {
    this.#limit = limit
  }

  get buffered(): number {
    return this.#buffered
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.#chunks.push(chunk)
    this.#buffered += chunk.length
  }

  /**
   * The next whole message, or null when more bytes must come first.
   * @throws WireError `08P01` when the length cannot be right.
   */
  next(): Frame | null {
    const head = this.#typed ? 5 : 4
    if (this.#buffered < head) return null
    const start = this.#peek(head)
    const length = start.readInt32BE(head - 4)
    if (length < 4 || (!this.#typed && length < 8)) refuse(SQLSTATE.protocolViolation, 'invalid message length')
    if (length - 4 > this.#limit) {
      refuse(
        SQLSTATE.protocolViolation,
        `a message of ${length} bytes is longer than the ${this.#limit} that are allowed`,
      )
    }
    const total = head - 4 + length
    if (this.#buffered < total) return null
    const whole = this.#take(total)
    return { type: this.#typed ? whole[0]! : 0, body: whole.subarray(head) }
  }

  /** All bytes that are not part of a message yet. */
  drain(): Buffer {
    return this.#take(this.#buffered)
  }

  /** The first bytes, together. */
  #peek(count: number): Buffer {
    const first = this.#chunks[0]!
    if (first.length >= count) return first
    this.#join(count)
    return this.#chunks[0]!
  }

  #take(count: number): Buffer {
    if (count === 0) return Buffer.alloc(0)
    const first = this.#chunks[0]!
    if (first.length < count) this.#join(count)
    const joined = this.#chunks[0]!
    this.#buffered -= count
    if (joined.length === count) this.#chunks.shift()
    else this.#chunks[0] = joined.subarray(count)
    return joined.subarray(0, count)
  }

  /** Makes the first chunk at least `count` bytes long. */
  #join(count: number): void {
    let size = 0
    let used = 0
    while (size < count) size += this.#chunks[used++]!.length
    this.#chunks.splice(0, used, Buffer.concat(this.#chunks.slice(0, used), size))
  }
}
