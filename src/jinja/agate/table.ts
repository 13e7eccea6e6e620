import { callValue } from '../values/access.js'
import { bindArguments } from '../values/arguments.js'
import { pyError } from '../values/errors.js'
import { hashKey } from '../values/hash.js'
import { toArray } from '../values/iterate.js'
import { isMapping } from '../values/kinds.js'
import { mappingGet } from '../values/mapping.js'
import { intArgument } from '../values/methods/method.js'
import { lessThan } from '../values/ordering.js'
import * as py from '../values/py.js'
import { PySlice } from '../values/slice.js'
import { toRepr, toStr } from '../values/text.js'
import { truthy } from '../values/truth.js'
import { tuple } from '../values/tuple.js'
import type { HostObject, Kwargs, Value } from '../values/value.js'
import { MappedSequence } from './mapped-sequence.js'
import { printCsv, printStructure, printTable } from './print.js'
import { AgateType, type AgateTypeName, inferType } from './types.js'

/** One row: values by position and by column name. */
export class AgateRow extends MappedSequence {
  override readonly [py.typeName] = 'agate.Row'
}

/** One column: its values down the rows, its name and type. */
export class AgateColumn extends MappedSequence {
  override readonly [py.typeName] = 'agate.Column'

  constructor(
    readonly index: number,
    readonly name: string,
    readonly type: AgateType,
    values: readonly Value[],
  ) {
    super(values, undefined)
  }

  override [py.getattr](name: string): Value {
    switch (name) {
      case 'name':
        return this.name
      case 'index':
        return this.index
      case 'data_type':
        return this.type
      case 'values_distinct':
        return () => tuple(new Map(this.values.map((v): [unknown, Value] => [hashKey(v), v])).values())
      case 'values_without_nulls':
        return () => tuple(this.values.filter((v) => v !== null))
      case 'values_sorted':
        return () => sortedNullsLast(this.values, (v) => v)
      case 'values_without_nulls_sorted':
        return () =>
          sortedNullsLast(
            this.values.filter((v) => v !== null),
            (v) => v,
          )
      default:
        return super[py.getattr](name)
    }
  }
}

function sortedNullsLast<T>(items: readonly T[], key: (item: T) => Value): T[] {
  return Array.from(items, (item) => ({ item, key: key(item) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null)
      return lessThan(a.key, b.key) ? -1 : lessThan(b.key, a.key) ? 1 : 0
    })
    .map((entry) => entry.item)
}

/** Where `print_table` and its kin write. */
export type Print = (text: string) => void

/** A query's result as templates see it, with the shape of agate's Table. Rows and columns are made when asked for. */
export class AgateTable implements HostObject {
  readonly [py.typeName] = 'agate.Table'
  #rows: AgateRow[] | undefined
  #columns: AgateColumn[] | undefined

  private constructor(
    readonly columnNames: readonly string[],
    readonly columnTypes: readonly AgateType[],
    /** By column; undefined when the table was made from rows. */
    private readonly data: readonly (readonly Value[])[],
    readonly rowCount: number,
    private readonly print: Print,
  ) {}

  /** A table from its columns' values; types not given are inferred. Output of its print methods goes to `print`. */
  static fromColumns(
    names: readonly string[],
    columns: readonly (readonly Value[])[],
    types?: readonly (AgateTypeName | undefined)[],
    print: Print = (text) => process.stdout.write(text),
  ): AgateTable {
    const kinds = names.map((_, i) => new AgateType(types?.[i] ?? inferType(columns[i] ?? [])))
    return new AgateTable(distinctNames(names), kinds, columns, columns[0]?.length ?? 0, print)
  }

  /** A table from rows of values. */
  static fromRows(
    names: readonly string[],
    rows: readonly (readonly Value[])[],
    types?: readonly (AgateTypeName | undefined)[],
    print?: Print,
  ): AgateTable {
    const columns = names.map((_, i) => rows.map((row) => row[i] ?? null))
    return AgateTable.fromColumns(names, columns, types, print)
  }

  get rows(): readonly AgateRow[] {
    this.#rows ??= Array.from(
      { length: this.rowCount },
      (_, r) =>
        new AgateRow(
          this.data.map((column) => column[r] ?? null),
          this.columnNames,
        ),
    )
    return this.#rows
  }

  get columns(): readonly AgateColumn[] {
    this.#columns ??= this.data.map(
      (values, i) => new AgateColumn(i, this.columnNames[i]!, this.columnTypes[i]!, values),
    )
    return this.#columns
  }

  /** The table with other rows, given by number. */
  withRows(indices: readonly number[]): AgateTable {
    const data = this.data.map((column) => indices.map((i) => column[i] ?? null))
    return new AgateTable(this.columnNames, this.columnTypes, data, indices.length, this.print)
  }

  /** The table with these columns only, in this order. Throws a ValueError for an unknown one. */
  select(names: readonly string[]): AgateTable {
    const indices = names.map((name) => {
      const at = this.columnNames.indexOf(name)
      if (at === -1) throw pyError('ValueError', 'tuple.index(x): x not in tuple')
      return at
    })
    const types = indices.map((i) => this.columnTypes[i]!)
    return new AgateTable(
      names,
      types,
      indices.map((i) => this.data[i]!),
      this.rowCount,
      this.print,
    )
  }

  rename(names: readonly string[]): AgateTable {
    return new AgateTable(distinctNames(names), this.columnTypes, this.data, this.rowCount, this.print)
  }

  write(text: string): void {
    this.print(text)
  }

  [py.getattr](name: string): Value {
    switch (name) {
      case 'columns':
        return new MappedSequence(this.columns, this.columnNames)
      case 'rows':
        return new MappedSequence(this.rows, undefined)
      case 'column_names':
        return tuple(this.columnNames)
      case 'column_types':
        return tuple(this.columnTypes)
      case 'row_names':
        return null
    }
    const method = METHODS[name]
    return method && ((args, kwargs) => method(this, args, kwargs))
  }

  /** Rows, by position and one after the other. */
  [py.getitem](key: Value): Value {
    return typeof key === 'number' ? this.rows.at(key) : undefined
  }

  [py.iter](): Iterable<Value> {
    return this.rows
  }

  [py.len](): number {
    return this.rowCount
  }

  [py.str](): string {
    return printStructure(this)
  }

  [py.repr](): string {
    return '<agate.table.Table object>'
  }
}

/** Columns of one name get a number: `id`, `id_2`. */
function distinctNames(names: readonly string[]): string[] {
  const seen = new Set<string>()
  return names.map((name) => {
    let unique = name
    for (let n = 2; seen.has(unique); n++) unique = `${name}_${n}`
    seen.add(unique)
    return unique
  })
}

type TableMethod = (self: AgateTable, args: readonly Value[], kwargs: Kwargs) => Value

function namesArgument(value: Value): string[] {
  return typeof value === 'string' ? [value] : toArray(value).map(toStr)
}

function callNow(callee: Value, row: AgateRow): Value {
  const result = callValue(callee, [row], {})
  if (result instanceof Promise) throw pyError('TypeError', 'a function that waits cannot be used here')
  return result
}

const PRINT_PARAMS = ['max_rows', 'max_columns', 'output', 'max_column_width', 'locale', 'max_precision']
const PRINT_DEFAULTS = {
  max_rows: 20,
  max_columns: 6,
  output: null,
  max_column_width: 20,
  locale: null,
  max_precision: 3,
}

function limit(value: Value): number {
  return value === null ? Number.POSITIVE_INFINITY : intArgument(value)
}

const METHODS: Readonly<Record<string, TableMethod>> = {
  print_table: (self, args, kwargs) => {
    const bound = bindArguments('print_table', PRINT_PARAMS, args, kwargs, PRINT_DEFAULTS)
    const [rows, columns, , width, , precision] = bound
    const limits = {
      maxRows: limit(rows),
      maxColumns: limit(columns),
      maxColumnWidth: limit(width),
      maxPrecision: limit(precision),
    }
    self.write(printTable(self, limits))
    return null
  },
  print_csv: (self) => {
    self.write(printCsv(self))
    return null
  },
  print_structure: (self) => {
    self.write(printStructure(self))
    return null
  },
  select: (self, [key]) => self.select(namesArgument(key)),
  exclude: (self, [key]) => {
    const gone = namesArgument(key)
    return self.select(self.columnNames.filter((name) => !gone.includes(name)))
  },
  rename: (self, args, kwargs) => {
    const params = ['column_names', 'row_names', 'slug_columns', 'slug_rows']
    const defaults = { column_names: null, row_names: null, slug_columns: false, slug_rows: false }
    const [names] = bindArguments('rename', params, args, kwargs, defaults)
    if (names === null) return self
    if (isMapping(names)) return self.rename(self.columnNames.map((name) => toStr(mappingGet(names, name) ?? name)))
    return self.rename(namesArgument(names))
  },
  limit: (self, args, kwargs) => {
    const params = ['start_or_stop', 'stop', 'step']
    const defaults = { start_or_stop: null, stop: null, step: null }
    const [first, stop, step] = bindArguments('limit', params, args, kwargs, defaults)
    const slice = stop === null && step === null ? new PySlice(null, first, null) : new PySlice(first, stop, step)
    return self.withRows(slice.indices(self.rowCount))
  },
  where: (self, [test]) => self.withRows(self.rows.flatMap((row, i) => (truthy(callNow(test, row)) ? [i] : []))),
  find: (self, [test]) => self.rows.find((row) => truthy(callNow(test, row))) ?? null,
  order_by: (self, args, kwargs) => {
    const [key, reverse] = bindArguments('order_by', ['key', 'reverse'], args, kwargs, { reverse: false })
    const keyOf = (row: AgateRow): Value => {
      if (typeof key === 'string') return row[py.getitem](key)
      return Array.isArray(key) ? tuple(key.map((name) => row[py.getitem](name))) : callNow(key, row)
    }
    const order = sortedNullsLast(
      self.rows.map((row, i) => ({ row, i })),
      ({ row }) => keyOf(row),
    )
    const indices = order.map(({ i }) => i)
    return self.withRows(truthy(reverse) ? indices.reverse() : indices)
  },
  group_by: (self, args, kwargs) => {
    const defaults = { key_name: null, key_type: null }
    const [key] = bindArguments('group_by', ['key', 'key_name', 'key_type'], args, kwargs, defaults)
    const groups = new Map<unknown, { readonly name: Value; readonly rows: number[] }>()
    self.rows.forEach((row, i) => {
      const name = typeof key === 'string' || typeof key === 'number' ? row[py.getitem](key) : callNow(key, row)
      if (name === undefined) throw pyError('KeyError', toRepr(key))
      const hash = hashKey(name)
      const group = groups.get(hash)
      if (group === undefined) groups.set(hash, { name, rows: [i] })
      else group.rows.push(i)
    })
    const found = [...groups.values()]
    return new MappedSequence(
      found.map(({ rows }) => self.withRows(rows)),
      found.map(({ name }) => name),
    )
  },
  distinct: (self, [key]) => {
    const seen = new Set<unknown>()
    const indices: number[] = []
    self.rows.forEach((row, i) => {
      const value =
        key === undefined || key === null ? tuple(row.values) : tuple(namesArgument(key).map((n) => row[py.getitem](n)))
      const hash = hashKey(value)
      if (!seen.has(hash)) indices.push(i)
      seen.add(hash)
    })
    return self.withRows(indices)
  },
}
