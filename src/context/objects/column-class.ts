import type { AdapterPlugin, Dialect } from '../../adapters/adapter.js'
import type { ColumnDescription } from '../../adapters/column.js'
import { bindArguments, type HostObject, type Kwargs, py, toStr, type Value } from '../../jinja/index.js'
import { ColumnObject } from './column.js'

type ClassMethod = (cls: ColumnClass, args: readonly Value[], kwargs: Kwargs) => Value

const CLASS_METHODS: Readonly<Record<string, ClassMethod>> = {
  create: (cls, args, kwargs) => {
    const [name, type] = bindArguments('create', ['name', 'label_or_dtype'], args, kwargs)
    return cls.make(toStr(name), cls.dialect.translateType(toStr(type)))
  },
  translate_type: (cls, args) => cls.dialect.translateType(toStr(args[0])),
  from_description: (cls, args, kwargs) => {
    const [name, type] = bindArguments('from_description', ['name', 'raw_data_type'], args, kwargs)
    return new ColumnObject(cls, cls.dialect.parseColumnType(toStr(name), toStr(type)))
  },
  string_type: (_cls, args) => `character varying(${toStr(args[0])})`,
  numeric_type: (_cls, args) => {
    const [type, precision, scale] = args
    return precision == null || scale == null ? toStr(type) : `${toStr(type)}(${toStr(precision)},${toStr(scale)})`
  },
}

/** `api.Column`: makes columns; also called itself, `api.Column(name, type, size, precision, scale)`. */
export class ColumnClass implements HostObject {
  readonly [py.typeName] = 'type'

  readonly dialect: Dialect
  /** Name of the class of its columns in messages. */
  readonly objectName: string

  constructor(plugin: AdapterPlugin) {
    this.dialect = plugin.dialect
    this.objectName = `${plugin.pythonName ?? ''}Column`
  }

  make(
    name: string,
    dataType: string,
    charSize: number | null = null,
    numericPrecision: number | null = null,
    numericScale: number | null = null,
  ): ColumnObject {
    return new ColumnObject(this, { name, dataType, charSize, numericPrecision, numericScale })
  }

  of(description: ColumnDescription): ColumnObject {
    return new ColumnObject(this, description)
  }

  [py.getattr](name: string): Value {
    const method = Object.hasOwn(CLASS_METHODS, name) ? CLASS_METHODS[name] : undefined
    return method && ((args, kwargs) => method(this, args, kwargs))
  }

  [py.call](args: readonly Value[], kwargs: Kwargs): Value {
    const [name, type, size, precision, scale] = bindArguments(
      'Column',
      ['column', 'dtype', 'char_size', 'numeric_precision', 'numeric_scale'],
      args,
      kwargs,
      { char_size: null, numeric_precision: null, numeric_scale: null },
    )
    return this.make(toStr(name), toStr(type), integer(size), integer(precision), integer(scale))
  }

  [py.str](): string {
    return `<class '${this.objectName}'>`
  }
}

function integer(value: Value): number | null {
  if (value == null) return null
  const number = Number(toStr(value))
  return Number.isNaN(number) ? null : number
}
