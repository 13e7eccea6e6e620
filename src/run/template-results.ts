import { type HostFunction, type HostObject, PyDateTime, py, type Value } from '../jinja/index.js'
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

function timingObject(timing: TimingInfo): RecordObject {
  const time = (text: string): Value => PyDateTime.fromLocal(BigInt(Date.parse(text)) * 1000n, undefined)
  return new RecordObject(
    { ...timing },
    { started_at: time(timing.started_at), completed_at: time(timing.completed_at) },
    'TimingInfo',
  )
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
    node: new RecordObject(node, {}, 'ParsedNode'),
  }
  return new RecordObject(plain, attributes, 'RunResult')
}
