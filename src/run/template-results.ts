import {
  bindArguments,
  type HostFunction,
  type HostObject,
  isMapping,
  PyDateTime,
  py,
  toStr,
  tuple,
  type Value,
} from '../jinja/index.js'
import type { RunResult, TimingInfo } from './run-result.js'

/** An object of dbt's that has attributes and `to_dict()`. */
class RecordObject implements HostObject {
  readonly [py.typeName]: string
  readonly #toDict: HostFunction = () => structuredClone(this.plain)

  /** `plain` is what `to_dict` gives; `attributes` differ from it where an attribute is more than JSON. */
  constructor(
    readonly plain: Record<string, Value>,
    readonly attributes: Readonly<Record<string, Value>>,
    typeName: string,
  ) {
    this[py.typeName] = typeName
  }

  [py.getattr](name: string): Value {
    if (name === 'to_dict') return this.#toDict
    if (Object.hasOwn(this.attributes, name)) return this.attributes[name]
    return Object.hasOwn(this.plain, name) ? this.plain[name] : undefined
  }

  [py.getitem](key: Value): Value {
    return typeof key === 'string' && Object.hasOwn(this.plain, key) ? this[py.getattr](key) : undefined
  }

  [py.str](): string {
    return `${this[py.typeName]}(${String(this.plain['unique_id'] ?? this.plain['name'] ?? this.plain['status'])})`
  }
}

/** A node's configuration as dbt's object: what it has not got is None, whichever way it is asked for. */
class ConfigObject implements HostObject {
  readonly [py.typeName] = 'NodeConfig'
  readonly #methods: Readonly<Record<string, HostFunction>> = {
    to_dict: () => structuredClone(this.values),
    get: (args, kwargs) => {
      const [key = null, otherwise] = bindArguments('get', ['key', 'default'], args, kwargs, { default: null })
      return typeof key === 'string' && Object.hasOwn(this.values, key) ? this.values[key] : otherwise
    },
    keys: () => Object.keys(this.values),
    values: () => Object.values(this.values),
    items: () => Object.entries(this.values).map(([key, value]) => tuple([key, value])),
  }

  constructor(readonly values: Readonly<Record<string, Value>>) {}

  [py.getattr](name: string): Value {
    return this[py.getitem](name) ?? this.#methods[name] ?? null
  }

  [py.getitem](key: Value): Value {
    return typeof key === 'string' && Object.hasOwn(this.values, key) ? (this.values[key] ?? null) : null
  }

  [py.contains](key: Value): boolean {
    return typeof key === 'string' && Object.hasOwn(this.values, key)
  }

  [py.iter](): Iterable<Value> {
    return Object.keys(this.values)
  }

  [py.len](): number {
    return Object.keys(this.values).length
  }

  [py.str](): string {
    return toStr(this.values)
  }
}

function timingObject(timing: TimingInfo): RecordObject {
  const time = (text: string): Value => PyDateTime.fromLocal(BigInt(Date.parse(text)) * 1000n, undefined)
  return new RecordObject(
    { ...timing },
    { started_at: time(timing.started_at), completed_at: time(timing.completed_at) },
    'TimingInfo',
  )
}

function configOf({ config }: Readonly<Record<string, Value>>): Record<string, Value> {
  return isMapping(config) ? { config: new ConfigObject(config as Record<string, Value>) } : {}
}

/** A result as templates see it in `results`: dbt's RunResult, with its timing and its node as objects too. */
export function templateResult(result: RunResult): Value {
  const node = result.node as unknown as Record<string, Value>
  const plain = {
    status: result.status,
    timing: result.timing.map((each) => ({ ...each })),
    thread_id: result.thread_id,
    execution_time: result.execution_time,
    adapter_response: { ...result.adapter_response } as Value,
    message: result.message,
    failures: result.failures,
    node,
  }
  const attributes = {
    timing: result.timing.map(timingObject),
    node: new RecordObject(node, configOf(node), 'ParsedNode'),
  }
  return new RecordObject(plain, attributes, 'RunResult')
}
