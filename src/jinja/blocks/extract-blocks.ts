import type { SourceSpan } from '../../core/source-span.js'
import { type SourceOrigin, WHOLE_FILE } from '../ast.js'
import { placeOf, type SourceText, syntaxError } from '../syntax/source-text.js'
import { Block, type BlockKind } from './block.js'
import { type Tag, TagIterator } from './tag-iterator.js'

export interface ExtractOptions {
  readonly file: string
  readonly kinds: ReadonlySet<BlockKind>
  /** Where the source begins in the file. */
  readonly origin?: SourceOrigin | undefined
  /** Also give the text between blocks, as blocks of kind `raw`. */
  readonly collectRaw?: boolean | undefined
  /** Told of tags that are neither wanted nor inside a wanted block. */
  readonly onUnexpected?: ((message: string, span: SourceSpan) => void) | undefined
}

const CONTROL_FLOW: Readonly<Record<string, string>> = { if: 'endif', for: 'endfor' }
const CONTROL_FLOW_ENDS: Readonly<Record<string, string>> = { endif: 'if', endfor: 'for' }

/**
 * Cuts a file's top-level blocks out of it without parsing them, as dbt does: what is outside of them is ignored, and
 * blocks may not stand in `if` or `for` nor inside one another. Throws a PlumbError with dbt's words and the place.
 */
export function extractBlocks(source: string, options: ExtractOptions): Block[] {
  const text: SourceText = { file: options.file, source, origin: options.origin ?? WHOLE_FILE }
  const iterator = new TagIterator(text)
  const blocks: Block[] = []
  const openFlow: string[] = []
  let current: (Tag & { kind: BlockKind }) | undefined
  let rawFrom = 0
  const addRaw = (to: number): void => {
    if (options.collectRaw && to > rawFrom) blocks.push(rawBlock(text, rawFrom, to))
  }
  for (const tag of iterator.tags()) {
    trackControlFlow(tag, openFlow, iterator)
    const kind = options.kinds.has(tag.type as BlockKind) ? (tag.type as BlockKind) : undefined
    if (kind !== undefined) {
      if (openFlow.length > 0) throw insideControlFlow(tag, iterator)
      if (current) throw nested(current, tag, iterator)
      addRaw(tag.start)
      rawFrom = tag.start
      current = { ...tag, kind }
    } else if (current && tag.type === `end${current.type}`) {
      blocks.push(makeBlock(text, current, tag))
      rawFrom = tag.end
      current = undefined
    } else if (!current) {
      options.onUnexpected?.(`Found unexpected '${tag.type}' block tag.`, placeOf(text, tag.start, tag.end))
    }
  }
  if (current) {
    const line = source.slice(0, current.end).split('\n').length
    const message = `Reached EOF without finding a close tag for ${current.type} (searched from line ${line})`
    throw syntaxError(text, message, current.start, current.end)
  }
  addRaw(source.length)
  return blocks
}

function makeBlock(text: SourceText, open: Tag & { kind: BlockKind }, close: Tag): Block {
  return new Block(
    open.kind,
    open.name,
    text.source.slice(open.start, close.end),
    text.source.slice(open.end, close.start),
    placeOf(text, open.start, close.end),
    placeOf(text, open.end, close.start),
  )
}

function rawBlock(text: SourceText, from: number, to: number): Block {
  const contents = text.source.slice(from, to)
  const span = placeOf(text, from, to)
  return new Block('raw', '', contents, contents, span, span)
}

function trackControlFlow(tag: Tag, open: string[], iterator: TagIterator): void {
  if (CONTROL_FLOW[tag.type] !== undefined) open.push(tag.type)
  const opening = CONTROL_FLOW_ENDS[tag.type]
  if (opening === undefined) return
  const at = iterator.position(tag.start)
  const found = open.pop()
  if (found === undefined) {
    const message = `Got an unexpected control flow end tag, got ${tag.type} but never saw a preceeding ${opening} (@ ${at})`
    throw syntaxError(iterator.text, message, tag.start, tag.end)
  }
  const expected = CONTROL_FLOW[found]
  if (expected !== tag.type) {
    const message = `Got an unexpected control flow end tag, got ${tag.type} but expected ${expected} next (@ ${at})`
    throw syntaxError(iterator.text, message, tag.start, tag.end)
  }
}

function insideControlFlow(tag: Tag, iterator: TagIterator): Error {
  const at = iterator.position(tag.start)
  const message = `Got a block definition inside control flow at ${at}. All dbt block definitions must be at the top level`
  return syntaxError(iterator.text, message, tag.start, tag.end)
}

function nested(outer: Tag, inner: Tag, iterator: TagIterator): Error {
  const message =
    `Got nested tags: ${outer.type} (started at ${outer.start}) did not have a matching {{% end${outer.type} %}} ` +
    `before a subsequent ${inner.type} was found (started at ${inner.start})`
  return syntaxError(iterator.text, message, inner.start, inner.end)
}
