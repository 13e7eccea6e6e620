/** Python's float: kept apart from int because `1.0` and `1` print differently. */
export class PyFloat {
  constructor(readonly value: number) {}

  valueOf(): number {
    return this.value
  }

  toJSON(): number | null {
    return Number.isFinite(this.value) ? this.value : null
  }
}
