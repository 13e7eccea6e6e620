/** Bytes at which messages are sent, though more are to come. */
export const FLUSH_AT = 1 << 18

/** Bytes that grow: messages are written behind one another and taken out together. */
export class ByteWriter {
  buffer: Buffer
  /** Of the same bytes. */
  view: DataView
  length = 0
  #spare: Buffer | null = null

  constructor(size = 4096) {
    this.buffer = Buffer.allocUnsafe(size)
    this.view = viewOf(this.buffer)
  }

  #replace(buffer: Buffer): void {
    this.buffer = buffer
    this.view = viewOf(buffer)
  }

  /** Makes room for `count` more bytes. Answers where they begin. */
  reserve(count: number): number {
    const needed = this.length + count
    if (needed > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2))
      this.buffer.copy(larger, 0, 0, this.length)
      this.#replace(larger)
    }
    return this.length
  }

  byte(value: number): void {
    this.reserve(1)
    this.buffer[this.length++] = value
  }

  int16(value: number): void {
    const at = this.reserve(2)
    this.buffer[at] = (value >> 8) & 0xff
    this.buffer[at + 1] = value & 0xff
    this.length = at + 2
  }

  int32(value: number): void {
    this.putInt32(this.reserve(4), value)
    this.length += 4
  }

  /** Overwrites four bytes that are there, or reserved. */
  putInt32(at: number, value: number): void {
    const { buffer } = this
    buffer[at] = (value >>> 24) & 0xff
    buffer[at + 1] = (value >>> 16) & 0xff
    buffer[at + 2] = (value >>> 8) & 0xff
    buffer[at + 3] = value & 0xff
  }

  bytes(data: Uint8Array): void {
    const at = this.reserve(data.length)
    this.buffer.set(data, at)
    this.length = at + data.length
  }

  /** UTF-8, without an end mark. Short ASCII is copied here, which is faster than a call into the runtime. */
  text(value: string): void {
    const count = value.length
    const at = this.reserve(count * 3)
    const { buffer } = this
    if (count <= 32) {
      let i = 0
      for (; i < count; i++) {
        const code = value.charCodeAt(i)
        if (code > 127) break
        buffer[at + i] = code
      }
      if (i === count) {
        this.length = at + count
        return
      }
    }
    this.length = at + buffer.write(value, at, 'utf8')
  }

  /** Text that ends with a zero byte, as the protocol writes names. A zero inside would end it early, so it is left out. */
  cstring(value: string): void {
    this.text(value.includes('\0') ? value.replaceAll('\0', '') : value)
    this.byte(0)
  }

  /** Begins a message; answers the place of its length for {@link end}. */
  begin(type: number): number {
    const at = this.reserve(5)
    this.buffer[at] = type
    this.length = at + 5
    return at + 1
  }

  end(lengthAt: number): void {
    this.putInt32(lengthAt, this.length - lengthAt)
  }

  /** Everything written, as bytes of their own; the writer is empty after it. */
  take(): Buffer {
    const taken = this.buffer.subarray(0, this.length)
    const large = this.buffer.length >= LARGE
    this.#replace((large ? this.#spare : null) ?? Buffer.allocUnsafe(this.length > 1 << 16 ? LARGE : 4096))
    this.#spare = null
    this.length = 0
    return taken
  }

  /** Takes back what `take` gave, when nobody reads it any more: to be written again. */
  giveBack({ buffer, byteOffset }: Buffer): void {
    if (byteOffset === 0 && buffer.byteLength >= LARGE && buffer.byteLength <= LARGE * 4)
      this.#spare = Buffer.from(buffer)
  }

  /** Lets go of room that was kept for more. */
  rest(): void {
    this.#spare = null
    if (this.length === 0 && this.buffer.length > 1 << 16) this.#replace(Buffer.allocUnsafe(4096))
  }
}

/** What a writer of many rows writes in: a bit more than what is sent at once. */
const LARGE = FLUSH_AT + (1 << 14)

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
