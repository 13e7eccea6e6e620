import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml'
import { type SourceSpan, spanAt } from '../../core/source-span.js'
import { readEvents } from './events.js'

/** Keys and indexes from the document's root to a value: `['models', 0, 'columns', 2, 'name']`. */
export type YamlPath = readonly (string | number)[]

/** Where the values of one YAML text stand. Made when a message needs a place, not before. */
export interface YamlPositions {
  /** The value's own text; for a list or mapping, its key. Undefined when there is no such path. */
  at(path: YamlPath): SourceSpan | undefined
  /** The key that a path ends with; for an item of a list, the item. */
  keyAt(path: YamlPath): SourceSpan | undefined
  /** `at`, or the nearest parent that exists. */
  nearest(path: YamlPath): SourceSpan
  /** Characters `[start, end)` of a text value, found again in the file; all of the value where that cannot be done. */
  within(path: YamlPath, start: number, end: number): SourceSpan | undefined
}

interface Found {
  readonly key: ScalarEvent | undefined
  /** Index of the value's first event. */
  readonly index: number
}

/** Finds places in a YAML text that was read without fault. `file` is the name spans carry. */
export function yamlPositions(original: string, file: string): YamlPositions {
  const { source: text, events, toOriginal } = readEvents(original)
  const span = (start: number, end: number): SourceSpan => spanAt(file, original, toOriginal(start), toOriginal(end))

  const locate = (path: YamlPath): Found | undefined => {
    let found: Found | undefined = events.length > 2 ? { key: undefined, index: 1 } : undefined
    for (const step of path) {
      if (found === undefined) return undefined
      found = child(text, events, followAlias(text, events, found.index), step)
    }
    return found
  }
  const keySpan = (found: Found): SourceSpan => {
    if (found.key !== undefined) return tokenSpan(found.key)
    return startSpan(events[found.index]!)
  }
  const tokenSpan = (event: ScalarEvent): SourceSpan => {
    if (event.valueStart === -1) return span(0, 0)
    const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED
    const start = event.valueStart - (quoted ? 1 : 0)
    const end = event.valueEnd + (quoted ? 1 : 0)
    return span(start, start + text.slice(start, end).trimEnd().length)
  }
  const startSpan = (event: Event): SourceSpan => {
    if (event.type === EVENT_ID.SCALAR) return tokenSpan(event)
    const start = 'start' in event ? event.start : 'anchorStart' in event ? event.anchorStart - 1 : 0
    const lineEnd = text.indexOf('\n', start)
    return span(start, lineEnd === -1 ? text.length : lineEnd)
  }

  const at = (path: YamlPath): SourceSpan | undefined => {
    const found = locate(path)
    if (found === undefined) return undefined
    const event = events[found.index]!
    if (event.type === EVENT_ID.SCALAR && event.valueStart !== -1) {
      return isBlock(event) ? firstBlockLine(event) : tokenSpan(event)
    }
    return keySpan(found)
  }
  const firstBlockLine = (event: ScalarEvent): SourceSpan => {
    const start = event.valueStart + text.slice(event.valueStart, event.valueEnd).search(/\S|$/)
    const lineEnd = text.indexOf('\n', start)
    return span(start, lineEnd === -1 ? text.length : lineEnd)
  }

  return {
    at,
    keyAt(path) {
      const found = locate(path)
      return found === undefined ? undefined : keySpan(found)
    },
    nearest(path) {
      for (let length = path.length; length > 0; length--) {
        const place = at(path.slice(0, length))
        if (place !== undefined) return place
      }
      return span(0, Math.max(0, text.indexOf('\n')))
    },
    within(path, start, end) {
      const found = locate(path)
      const event = found === undefined ? undefined : events[found.index]!
      if (event?.type !== EVENT_ID.SCALAR || event.valueStart === -1) return at(path)
      const from = offsetInFile(text, event, start)
      const to = offsetInFile(text, event, Math.max(start, end - 1))
      return from === undefined || to === undefined ? at(path) : span(from, to + 1)
    },
  }
}

function isBlock(event: ScalarEvent): boolean {
  return event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK
}

/** Where character `index` of a scalar's value stands; undefined where escapes or folding moved it. */
function offsetInFile(text: string, event: ScalarEvent, index: number): number | undefined {
  const value = getScalarValue(text, event)
  const raw = text.slice(event.valueStart, event.valueEnd)
  if (!isBlock(event)) return raw === value ? event.valueStart + index : undefined
  // Block scalars: the same lines, each moved in by the block's indent.
  const before = value.slice(0, index).split('\n')
  const lines = raw.split('\n')
  const line = before.length - 1
  const indent = event.indent
  const sourceLine = lines[line]
  if (sourceLine === undefined || sourceLine.slice(indent) !== value.split('\n')[line]) return undefined
  const lineOffset = lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0)
  return event.valueStart + lineOffset + indent + before[line]!.length
}

/** Index of the event behind the node that begins at `index`. */
function skipNode(events: readonly Event[], index: number): number {
  let depth = 0
  for (let at = index; at < events.length; at++) {
    const { type } = events[at]!
    if (type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE) depth++
    else if (type === EVENT_ID.POP) depth--
    if (depth === 0) return at + 1
  }
  return events.length
}

function followAlias(text: string, events: readonly Event[], index: number): number {
  const event = events[index]!
  if (event.type !== EVENT_ID.ALIAS) return index
  const name = text.slice(event.anchorStart, event.anchorEnd)
  for (let at = index - 1; at >= 0; at--) {
    const other = events[at]!
    if (other.type === EVENT_ID.ALIAS || !('anchorStart' in other) || other.anchorStart === -1) continue
    if (text.slice(other.anchorStart, other.anchorEnd) === name) return at
  }
  return index
}

/** The value under one key or index of the node at `index`, looked for in merged mappings too. */
function child(text: string, events: readonly Event[], index: number, step: string | number): Found | undefined {
  const event = events[index]!
  if (event.type === EVENT_ID.SEQUENCE) {
    let at = index + 1
    for (let n = 0; events[at]!.type !== EVENT_ID.POP; n++) {
      if (n === Number(step)) return { key: undefined, index: at }
      at = skipNode(events, at)
    }
    return undefined
  }
  if (event.type !== EVENT_ID.MAPPING) return undefined
  let found: Found | undefined
  const merges: number[] = []
  for (let at = index + 1; events[at]!.type !== EVENT_ID.POP; ) {
    const key = events[at]!
    const valueAt = skipNode(events, at)
    if (key.type === EVENT_ID.SCALAR) {
      const name = getScalarValue(text, key)
      // The last one stands, as when reading.
      if (name === String(step)) found = { key, index: valueAt }
      else if (name === '<<') merges.push(valueAt)
    }
    at = skipNode(events, valueAt)
  }
  if (found !== undefined) return found
  for (const merge of merges) {
    const target = followAlias(text, events, merge)
    const candidates = events[target]!.type === EVENT_ID.SEQUENCE ? itemsOf(events, target) : [target]
    for (const candidate of candidates) {
      const inherited = child(text, events, followAlias(text, events, candidate), step)
      if (inherited !== undefined) return inherited
    }
  }
  return undefined
}

function itemsOf(events: readonly Event[], index: number): number[] {
  const items: number[] = []
  for (let at = index + 1; events[at]!.type !== EVENT_ID.POP; at = skipNode(events, at)) items.push(at)
  return items
}
