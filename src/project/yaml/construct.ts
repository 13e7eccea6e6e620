import {
  type AliasEvent,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml'
import { toStr } from '../../jinja/index.js'
import type { YamlEvents } from './events.js'
import { resolvePlainScalar, toFloat, toInteger, type YamlScalar } from './scalars.js'
import { isYamlDate } from './yaml-date.js'
import { failYaml } from './yaml-error.js'

/** A mapping whose keys are all text (or mixed); one without any text key is a Map, so that `{1: a}` keeps its ints. */
export type YamlMapping = { [key: string]: YamlValue }
export type YamlValue = YamlScalar | YamlValue[] | YamlMapping | Map<YamlScalar, YamlValue>

/** A key given twice in one mapping; the later value stands. */
export interface DuplicateKey {
  readonly key: string
  /** Offset of the second. */
  readonly offset: number
}

interface Anchor {
  readonly value: YamlValue
  readonly done: boolean
}

type Pair = [key: YamlScalar, value: YamlValue]

/** Builds a document's value from parser events as PyYAML's SafeLoader does. One per document. */
export class YamlConstructor {
  readonly duplicates: DuplicateKey[] = []
  readonly text: string
  readonly events: readonly Event[]
  readonly #toOriginal: (offset: number) => number
  readonly #anchors = new Map<string, Anchor>()
  #at = 0

  constructor(
    /** As given: what messages quote. */
    readonly original: string,
    readonly file: string,
    parsed: YamlEvents,
  ) {
    this.text = parsed.source
    this.events = parsed.events
    this.#toOriginal = parsed.toOriginal
  }

  #fail(offset: number, reason: string): never {
    return failYaml(this.original, this.file, this.#toOriginal(Math.max(offset, 0)), reason)
  }

  /** The only document's value; null for an empty text. */
  document(): YamlValue {
    const { events } = this
    if (events.length === 0) return null
    this.#at = 1
    const value = events[1]?.type === EVENT_ID.POP ? null : this.#node()
    const next = events[this.#at + 1]
    if (next !== undefined) {
      const offset = this.text.search(/^---/m)
      this.#fail(offset, 'expected a single document in the stream but found another document')
    }
    return value
  }

  #node(): YamlValue {
    const event = this.events[this.#at++]!
    switch (event.type) {
      case EVENT_ID.SCALAR: {
        const value = this.#scalar(event)
        if (event.anchorStart !== -1) this.#anchors.set(this.#anchorName(event), { value, done: true })
        return value
      }
      case EVENT_ID.SEQUENCE:
        return this.#sequence(event)
      case EVENT_ID.MAPPING:
        return this.#mapping(event)
      case EVENT_ID.ALIAS: {
        const anchor = this.#anchors.get(this.#anchorName(event))
        if (anchor === undefined) this.#fail(event.anchorStart - 1, 'found undefined alias')
        if (!anchor.done) this.#fail(event.anchorStart - 1, 'found an alias that contains itself')
        return anchor.value
      }
      default:
        return this.#fail(0, 'unexpected end of the document')
    }
  }

  #anchorName(event: Exclude<Event, { type: 1 | 6 }>): string {
    return this.text.slice(event.anchorStart, event.anchorEnd)
  }

  #scalar(event: ScalarEvent): YamlScalar {
    const text = this.#scalarText(event)
    if (event.tagStart !== -1) return this.#tagged(event, text)
    if (event.style !== SCALAR_STYLE.PLAIN) return text
    try {
      return resolvePlainScalar(text)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      return this.#fail(event.valueStart, error.message)
    }
  }

  #scalarText(event: ScalarEvent): string {
    const text = getScalarValue(this.text, event)
    const isBlock = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK
    // Where the text ends without a newline, libyaml gives the block none either.
    if (!isBlock || event.valueEnd < this.text.length || this.text.endsWith('\n')) return text
    return text.endsWith('\n') ? text.slice(0, -1) : text
  }

  #tagged(event: ScalarEvent, text: string): YamlScalar {
    const tag = this.text.slice(event.tagStart, event.tagEnd)
    switch (tag.replace('tag:yaml.org,2002:', '!').replace(/^!<(.*)>$/, '!$1')) {
      case '!':
        return event.style === SCALAR_STYLE.PLAIN && text !== '' ? resolvePlainScalar(text) : text
      case '!!str':
        return text
      case '!!int':
        return toInteger(text) ?? text
      case '!!float':
        return toFloat(text)
      case '!!bool':
      case '!!null':
      case '!!timestamp':
        return resolvePlainScalar(text)
      default:
        return this.#fail(event.tagStart, `could not determine a constructor for the tag '${tag}'`)
    }
  }

  #checkCollectionTag(event: SequenceEvent | MappingEvent, allowed: string): void {
    if (event.tagStart === -1) return
    const tag = this.text.slice(event.tagStart, event.tagEnd)
    if (tag === allowed || tag === '!') return
    this.#fail(event.tagStart, `could not determine a constructor for the tag '${tag}'`)
  }

  #sequence(event: SequenceEvent): YamlValue {
    this.#checkCollectionTag(event, '!!seq')
    const name = event.anchorStart === -1 ? undefined : this.#anchorName(event)
    const items: YamlValue[] = []
    if (name !== undefined) this.#anchors.set(name, { value: items, done: false })
    while (this.events[this.#at]!.type !== EVENT_ID.POP) items.push(this.#node())
    this.#at++
    if (name !== undefined) this.#anchors.set(name, { value: items, done: true })
    return items
  }

  #mapping(event: MappingEvent): YamlValue {
    this.#checkCollectionTag(event, '!!map')
    const name = event.anchorStart === -1 ? undefined : this.#anchorName(event)
    if (name !== undefined) this.#anchors.set(name, { value: null, done: false })
    const own: YamlMapping = {}
    let others: Pair[] | undefined
    let merged: Pair[] | undefined
    let seen = false
    for (;;) {
      const next = this.events[this.#at]!
      if (next.type === EVENT_ID.POP) break
      if (next.type === EVENT_ID.MAPPING || next.type === EVENT_ID.SEQUENCE) {
        this.#fail(next.start, 'while constructing a mapping: found unhashable key')
      }
      const offset = next.type === EVENT_ID.SCALAR ? next.valueStart : (next as AliasEvent).anchorStart
      const isMerge =
        next.type === EVENT_ID.SCALAR &&
        next.style === SCALAR_STYLE.PLAIN &&
        next.valueEnd - next.valueStart === 2 &&
        this.text.startsWith('<<', next.valueStart)
      const key = this.#node()
      if (isMerge) {
        merged = [...(merged ?? []), ...this.#mergePairs(this.#node(), offset)]
        continue
      }
      if (key !== null && typeof key === 'object' && !isYamlDate(key)) {
        if (Array.isArray(key) || key instanceof Map || Object.getPrototypeOf(key) === Object.prototype) {
          this.#fail(offset, 'while constructing a mapping: found unhashable key')
        }
      }
      const value = this.#node()
      if (typeof key === 'string') {
        if (Object.hasOwn(own, key)) this.duplicates.push({ key, offset: this.#toOriginal(offset) })
        seen = true
        setKey(own, key, value)
      } else {
        others ??= []
        others.push([key as YamlScalar, value])
      }
    }
    this.#at++
    const value = combine(own, seen, others, merged)
    if (name !== undefined) this.#anchors.set(name, { value, done: true })
    return value
  }

  #mergePairs(source: YamlValue, offset: number): Pair[] {
    if (Array.isArray(source)) {
      // The earlier mapping wins, so it is laid on last.
      return [...source].reverse().flatMap((item) => this.#mergePairs(item, offset))
    }
    if (source instanceof Map) return [...source]
    if (source !== null && typeof source === 'object' && Object.getPrototypeOf(source) === Object.prototype) {
      return Object.entries(source as YamlMapping)
    }
    return this.#fail(offset, 'expected a mapping or list of mappings for merging, but found scalar')
  }
}

/** Assigns like a plain property, also for `__proto__`. */
function setKey(target: YamlMapping, key: string, value: YamlValue): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  else target[key] = value
}

function combine(
  own: YamlMapping,
  hasTextKey: boolean,
  others: Pair[] | undefined,
  merged: Pair[] | undefined,
): YamlValue {
  if (others === undefined && merged === undefined) return own
  const pairs: Pair[] = [...(merged ?? []), ...Object.entries(own), ...(others ?? [])]
  if (!hasTextKey && !pairs.some(([key]) => typeof key === 'string')) return new Map(pairs)
  const out: YamlMapping = {}
  for (const [key, value] of pairs) setKey(out, keyText(key), value)
  return out
}

/** A key as `json.dumps` writes it. */
export function keyText(key: YamlScalar): string {
  if (typeof key === 'string') return key
  if (key === null) return 'null'
  return typeof key === 'object' ? toStr(key) : String(key)
}
