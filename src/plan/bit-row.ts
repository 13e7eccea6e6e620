/** A set of small numbers as a row of bits: unions and intersections of many at the price of a few words. */
export class BitRow {
  readonly #words: Uint32Array

  /** Room for bits below `size`; filled as another row is. */
  constructor(size: number, like?: BitRow) {
    this.#words = like === undefined ? new Uint32Array((size + 31) >>> 5) : like.#words.slice()
  }

  clear(): void {
    this.#words.fill(0)
  }

  set(bit: number): void {
    this.#words[bit >>> 5]! |= 1 << (bit & 31)
  }

  has(bit: number): boolean {
    return (this.#words[bit >>> 5]! & (1 << (bit & 31))) !== 0
  }

  add(other: BitRow): void {
    const words = this.#words
    const others = other.#words
    for (let w = 0; w < words.length; w++) words[w]! |= others[w]!
  }

  /** Adds what is in both. */
  addCommon(a: BitRow, b: BitRow): void {
    const words = this.#words
    const left = a.#words
    const right = b.#words
    for (let w = 0; w < words.length; w++) words[w]! |= left[w]! & right[w]!
  }

  remove(other: BitRow): void {
    const words = this.#words
    const others = other.#words
    for (let w = 0; w < words.length; w++) words[w]! &= ~others[w]!
  }

  forEach(visit: (bit: number) => void): void {
    const words = this.#words
    for (let w = 0; w < words.length; w++) {
      for (let word = words[w]!; word !== 0; word &= word - 1) visit((w << 5) + (31 - Math.clz32(word & -word)))
    }
  }
}
