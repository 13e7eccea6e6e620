import { md5 } from '../../core/checksum.js'
import { toRepr, toStr, type Value } from '../../jinja/index.js'
import { isDict } from '../shape/shape.js'

/** Arguments of a test as they stand in YAML. */
export type TestArguments = { [key: string]: unknown }

export interface TestNames {
  /** Of the compiled file and the alias: under 64 characters. */
  readonly short: string
  /** Of the node: all arguments spelled out. */
  readonly full: string
}

/**
 * The name dbt makes up for a test that has none: `<test>_<target>_<arguments in order of their keys>`, everything but
 * letters, digits and `_` folded; from 64 characters on, 30 of them and a hash make the short name.
 */
export function synthesizeTestNames(testName: string, targetName: string, args: TestArguments): TestNames {
  const parts: string[] = []
  for (const key of Object.keys(args).sort()) {
    if (key === 'model') continue
    for (const part of partsOf(args[key])) parts.push(toStr(part as Value).replace(/[^0-9a-zA-Z_]+/g, '_'))
  }
  const identifier = `${testName}_${targetName}`
  const full = `${identifier}_${parts.join('__')}`
  if (full.length < 64) return { short: full, full }
  return { short: `${identifier.slice(0, 30)}_${md5(full)}`, full }
}

function partsOf(value: unknown): Iterable<unknown> {
  if (Array.isArray(value)) return value
  if (isDict(value)) return Object.values(value)
  return value instanceof Map ? value.values() : [value]
}

export interface TestMetadataToHash {
  readonly namespace: string | null
  readonly name: string
  readonly kwargs: TestArguments
}

/** The ten characters that end a generic test's unique id: a hash of its name and arguments. */
export function testHash(nodeName: string, metadata: TestMetadataToHash): string {
  const { kwargs, name, namespace } = metadata
  const text = `{'kwargs': ${hashable(kwargs)}, 'name': ${hashable(name)}, 'namespace': ${hashable(namespace)}}`
  return md5(nodeName + text).slice(-10)
}

/** Python's `repr` of the data with sorted keys and every leaf turned into text. */
function hashable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(hashable).join(', ')}]`
  if (isDict(value)) {
    const pairs = Object.keys(value)
      .sort()
      .map((key) => `${toRepr(key)}: ${hashable(value[key])}`)
    return `{${pairs.join(', ')}}`
  }
  if (value instanceof Map) {
    const pairs = [...value].map(([key, item]) => `${toRepr(key as Value)}: ${hashable(item)}`)
    return `{${pairs.join(', ')}}`
  }
  return toRepr(toStr(value as Value))
}
