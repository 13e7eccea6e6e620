import type { PlumbError } from '../../core/diagnostic.js'
import { type SourceText, syntaxError } from '../syntax/source-text.js'

/** A `{% ... %}` found in a text without parsing it. */
export interface Tag {
  /** `macro`, `endmacro`, `if` ... */
  readonly type: string
  /** The word behind the type. */
  readonly name: string
  /** With the whitespace before `{%-`. */
  readonly start: number
  /** With the whitespace behind `-%}`. */
  readonly end: number
}

const SPACE = /\s*/y
const TAG_HEAD = /\{%-?\s*([A-Za-z_][A-Za-z_0-9]*)(?:\s+([A-Za-z_][A-Za-z_0-9]*))?/y
const RAW_BLOCK = /\{%-?\s*raw\s*(?:-%\}\s*|%\})[\s\S]*?\{%-?\s*endraw\s*(?:-%\}\s*|%\})/g
const QUOTE_OR_CLOSE = /['"]|-?%\}/g
const QUOTE_OR_END = /['"]|\}\}/g
const STRING = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/g

/**
 * The tags of a text, as dbt finds them before anything is parsed: comments, `raw` blocks, expressions and strings are
 * stepped over. Throws when one of those does not end.
 */
export class TagIterator {
  #at = 0

  constructor(readonly text: SourceText) {}

  /** `line:column` of an offset, as dbt's messages say it. */
  position(offset: number): string {
    const before = this.text.source.slice(0, offset)
    const line = before.split('\n').length
    return `${line}:${offset - (before.lastIndexOf('\n') + 1)}`
  }

  *tags(): Iterable<Tag> {
    const { source } = this.text
    for (;;) {
      const open = source.indexOf('{', this.#at)
      if (open === -1) return
      const next = source[open + 1]
      if (next === '#') this.#skipComment(open)
      else if (next === '{') this.#skipExpression(open)
      else if (next === '%') {
        const tag = this.#readTag(open)
        if (tag) yield tag
        else this.#at = open + 2
      } else this.#at = open + 1
    }
  }

  #skipComment(open: number): void {
    const end = this.text.source.indexOf('#}', open + 2)
    if (end === -1) throw this.#unexpectedEnd('#}', open + 2)
    this.#at = end + 2
  }

  #skipExpression(open: number): void {
    SPACE.lastIndex = open + 2
    SPACE.test(this.text.source)
    this.#at = this.#skipTo(QUOTE_OR_END, SPACE.lastIndex, '}}')
  }

  #readTag(open: number): Tag | undefined {
    const { source } = this.text
    TAG_HEAD.lastIndex = open
    const head = TAG_HEAD.exec(source)
    if (!head) return undefined
    const [text, type = '', name = ''] = head
    const start = source[open + 2] === '-' ? this.#startOfSpace(open) : open
    if (type === 'raw') {
      RAW_BLOCK.lastIndex = open
      if (!RAW_BLOCK.test(source)) throw this.#unexpectedEnd('{% raw %}...{% endraw %}', open)
      this.#at = RAW_BLOCK.lastIndex
    } else {
      const end = this.#skipTo(QUOTE_OR_CLOSE, open + text.length, 'tag close ("%}")')
      SPACE.lastIndex = end
      if (source[end - 3] === '-') SPACE.test(source)
      this.#at = SPACE.lastIndex
    }
    return { type, name, start, end: this.#at }
  }

  #startOfSpace(open: number): number {
    const before = this.text.source.slice(this.#at, open)
    return this.#at + before.trimEnd().length
  }

  /** The end of the first match of a pattern that is not inside a string. */
  #skipTo(pattern: RegExp, from: number, wanted: string): number {
    const { source } = this.text
    let at = from
    for (;;) {
      pattern.lastIndex = at
      const found = pattern.exec(source)
      if (!found) throw this.#unexpectedEnd(wanted, at)
      if (found[0] !== "'" && found[0] !== '"') return pattern.lastIndex
      STRING.lastIndex = found.index
      if (!STRING.test(source)) throw this.#unexpectedEnd('string', found.index)
      at = STRING.lastIndex
    }
  }

  #unexpectedEnd(wanted: string, at: number): PlumbError {
    const rest = this.text.source.slice(at)
    return syntaxError(this.text, `unexpected EOF, expected ${wanted}, got "${rest}"`, at, at + 1)
  }
}
