import type { SourceSpan } from '../../core/source-span.js'
import { placeOf, type SourceText } from '../syntax/source-text.js'
import type { Value } from '../values/value.js'
import type { Scope } from './scope.js'
import type { ActiveFrame, RenderThread } from './thread.js'

/** Start and length of a piece of source in one number: frames note their place with a single store. */
export type PackedPlace = number

const LENGTHS = 4096

export function packPlace(start: number, end: number): PackedPlace {
  return start * LENGTHS + Math.min(LENGTHS - 1, end - start)
}

/** An error that is raised when the output is read. */
export interface Fault {
  readonly error: Error
  readonly pos: PackedPlace
}

/**
 * One run of a template, a macro, a caller body or a recursive loop: its variables, its output so far and its place.
 * An unset variable is undefined.
 */
export class Frame implements ActiveFrame {
  readonly slots: Value[] = []
  out = ''
  /** Native rendering: what each output gave. */
  parts: Value[] | undefined
  pos: PackedPlace = 0
  /** The text of the block a filter chain is about to be applied to. */
  captured: Value = ''
  /** What a `return` statement left behind. */
  returned: Value = undefined
  /** The fault of a part of the output that is no text: the output cannot be read any more, a `return` can. */
  fault: Fault | undefined

  constructor(
    readonly text: SourceText,
    readonly thread: RenderThread,
    readonly scope: Scope,
    readonly parent: Frame | undefined,
    slotCount: number,
  ) {
    for (let i = 0; i < slotCount; i++) this.slots.push(undefined)
  }

  /**
   * The output so far. jinja2 joins the parts of a body at its end, so a part that is no text is an error then, and
   * none in a macro that ends with `return`.
   * @throws the error of such a part, at its place.
   */
  joined(): string {
    if (this.fault === undefined) return this.out
    this.pos = this.fault.pos
    throw this.fault.error
  }

  place(): SourceSpan {
    return unpackPlace(this.text, this.pos)
  }
}

/** The place a packed number stands for. */
export function unpackPlace(text: SourceText, pos: PackedPlace): SourceSpan {
  const start = Math.floor(pos / LENGTHS)
  return placeOf(text, start, start + (pos % LENGTHS))
}
