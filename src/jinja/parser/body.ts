import type { Statement } from '../ast.js'
import { parseTuple } from './expressions.js'
import type { ImplicitName, TokenStream } from './token-stream.js'

/** Reads one tag from its name on, up to but not including the closing `%}`. */
export type TagParser = (p: ParseState) => Statement | readonly Statement[]

/** What the tag parsers share. */
export interface ParseState {
  readonly stream: TokenStream
  readonly tags: ReadonlyMap<string, TagParser>
  /** Tags that are open, outermost first: for messages about nesting. */
  readonly openTags: string[]
  /** The end tags each open tag waits for. */
  readonly awaited: (readonly string[])[]
}

/** Statements up to the end of the template. */
export function parseTemplateBody(p: ParseState): Statement[] {
  return parseStatements(p, undefined)
}

/** Text from `start` to `end` in the source: what lies between a tag and its end tag. */
export interface TagBody {
  readonly statements: readonly Statement[]
  /** Which of the names nobody declares it reads. */
  readonly reads: Readonly<Record<ImplicitName, boolean>>
  readonly start: number
  readonly end: number
}

/**
 * The body of the tag under way: a colon for Python's sake, `%}`, statements, then one of `endNames`, which is left
 * as the current token.
 */
export function parseBody(p: ParseState, endNames: readonly string[]): TagBody {
  const s = p.stream
  s.skipIf(':')
  const start = closeTag(p)
  const { loop, caller, kwargs, varargs } = s.implicit
  const statements = parseStatements(p, endNames)
  const after = s.implicit
  const reads = {
    loop: after.loop > loop,
    caller: after.caller > caller,
    kwargs: after.kwargs > kwargs,
    varargs: after.varargs > varargs,
  }
  if (s.is('eof')) throw unclosed(p, undefined, [...p.awaited, endNames])
  return { statements, reads, start, end: p.stream.current.start }
}

/** As {@link parseBody} with one end name, which is read over. */
export function parseBodyUntil(p: ParseState, endName: string): TagBody {
  const body = parseBody(p, [endName])
  p.stream.next()
  return body
}

function closeTag(p: ParseState): number {
  p.stream.expect('block_end')
  return p.stream.lastEnd
}

function parseStatements(p: ParseState, endNames: readonly string[] | undefined): Statement[] {
  const s = p.stream
  const body: Statement[] = []
  if (endNames) p.awaited.push(endNames)
  for (;;) {
    const token = s.current
    if (token.type === 'data') {
      s.next()
      body.push({ kind: 'text', text: token.text, start: token.start, end: token.end })
    } else if (token.type === 'variable_begin') {
      s.next()
      const value = parseTuple(s)
      s.expect('variable_end')
      body.push({ kind: 'output', value, start: token.start, end: s.lastEnd })
    } else if (token.type === 'block_begin') {
      s.next()
      if (endNames && s.is('name') && endNames.includes(s.current.text)) break
      const parsed = parseTag(p)
      if ('kind' in parsed) body.push(parsed)
      else body.push(...parsed)
      s.expect('block_end')
    } else break
  }
  if (endNames) p.awaited.pop()
  return body
}

function parseTag(p: ParseState): Statement | readonly Statement[] {
  const s = p.stream
  const token = s.current
  if (token.type !== 'name') throw s.error('tag name expected', token)
  const tag = p.tags.get(token.text)
  if (!tag) throw unclosed(p, token.text, p.awaited)
  p.openTags.push(token.text)
  const parsed = tag(p)
  p.openTags.pop()
  return parsed
}

function unclosed(p: ParseState, name: string | undefined, awaited: readonly (readonly string[])[]): Error {
  const message = [name === undefined ? 'Unexpected end of template.' : `Encountered unknown tag '${name}'.`]
  const innermost = awaited.at(-1)
  if (innermost) {
    const wanted = innermost.map((n) => `'${n}'`).join(' or ')
    const misplaced = name !== undefined && awaited.some((names) => names.includes(name))
    message.push(
      misplaced
        ? `You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for ${wanted}.`
        : `Jinja was looking for the following tags: ${wanted}.`,
    )
  }
  const open = p.openTags.at(-1)
  if (open !== undefined) message.push(`The innermost block that needs to be closed is '${open}'.`)
  return p.stream.error(message.join(' '))
}
