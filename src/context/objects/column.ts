import type { ColumnDescription } from '../../adapters/column.js'
import { fail } from '../../core/diagnostic.js'
import { type HostObject, py, toRepr, toStr, type Value } from '../../jinja/index.js'
import type { ColumnClass } from './column-class.js'

/** A column of the warehouse as templates hold it. */
export class ColumnObject implements HostObject {
  readonly [py.typeName] = 'Column'

  constructor(
    readonly columnClass: ColumnClass,
    readonly description: ColumnDescription,
  ) {}

  get name(): string {
    return this.description.name
  }

  get quoted(): string {
    return this.columnClass.dialect.quoteIdentifier(this.name)
  }

  /** The type as it is written in DDL, with its size. */
  get dataType(): string {
    return this.columnClass.dialect.renderColumnType(this.description)
  }

  isString(): boolean {
    return this.columnClass.dialect.isString(this.description.dataType)
  }

  /**
   * Longest text the column holds; 256 where the type does not say.
   * @throws PlumbError for a column that holds no text.
   */
  stringSize(): number {
    if (!this.isString()) fail('runtime', 'column-not-string', 'Called string_size() on non-string field!')
    const { dataType, charSize } = this.description
    return dataType === 'text' || charSize === null ? 256 : charSize
  }

  /** Can this column be widened to hold what `other` holds: both are text, and the other's is longer. */
  canExpandTo(other: ColumnObject): boolean {
    return this.isString() && other.isString() && other.stringSize() > this.stringSize()
  }

  [py.getattr](name: string): Value {
    const { description, columnClass } = this
    const { dialect } = columnClass
    switch (name) {
      case 'name':
      case 'column':
        return description.name
      case 'dtype':
        return description.dataType
      case 'data_type':
      case 'expanded_data_type':
        return this.dataType
      case 'quoted':
        return this.quoted
      case 'char_size':
        return description.charSize
      case 'numeric_precision':
        return description.numericPrecision
      case 'numeric_scale':
        return description.numericScale
      case 'is_string':
        return () => this.isString()
      case 'is_integer':
        return () => dialect.isInteger(description.dataType)
      case 'is_float':
        return () => dialect.isFloat(description.dataType)
      case 'is_numeric':
        return () => dialect.isNumeric(description.dataType)
      case 'is_number':
        return () =>
          dialect.isInteger(description.dataType) ||
          dialect.isNumeric(description.dataType) ||
          dialect.isFloat(description.dataType)
      case 'string_size':
        return () => this.stringSize()
      case 'can_expand_to':
        return (args) => args[0] instanceof ColumnObject && this.canExpandTo(args[0])
      case 'literal':
        return (args) => `${toStr(args[0])}::${this.dataType}`
      default:
        return columnClass[py.getattr](name)
    }
  }

  [py.eq](other: Value): boolean {
    if (!(other instanceof ColumnObject)) return false
    const [a, b] = [this.description, other.description]
    return (
      a.name === b.name &&
      a.dataType === b.dataType &&
      a.charSize === b.charSize &&
      a.numericPrecision === b.numericPrecision &&
      a.numericScale === b.numericScale
    )
  }

  [py.str](): string {
    const { name, dataType, charSize, numericPrecision, numericScale } = this.description
    const parts = [
      `column=${toRepr(name)}`,
      `dtype=${toRepr(dataType)}`,
      `char_size=${toRepr(charSize)}`,
      `numeric_precision=${toRepr(numericPrecision)}`,
      `numeric_scale=${toRepr(numericScale)}`,
    ]
    return `${this.columnClass.objectName}(${parts.join(', ')})`
  }
}
