import { classEscape, escapedCodePoint, literal } from './escapes.js'

export interface ClassContext {
  readonly ascii: boolean
  /** Letters stand for both cases, because only this group ignores case. */
  readonly bothCases: boolean
  error(message: string, at: number): Error
}

/** Translates `[...]` beginning at `start`. */
export function translateClass(pattern: string, start: number, context: ClassContext): { source: string; end: number } {
  let at = start + 1
  const negated = pattern[at] === '^'
  if (negated) at++
  const members: string[] = []
  const first = at
  for (;;) {
    const character = pattern[at]
    if (character === undefined) throw context.error('unterminated character set', start)
    if (character === ']' && at > first) break
    const low = readMember(pattern, at, context)
    at = low.end
    if (pattern[at] !== '-' || pattern[at + 1] === ']' || pattern[at + 1] === undefined) {
      members.push(low.character === undefined ? low.source : single(low.character, context))
      continue
    }
    const high = readMember(pattern, at + 1, context)
    if (low.character === undefined || high.character === undefined || low.character > high.character)
      throw context.error(`bad character range ${pattern.slice(low.start, high.end)}`, low.start)
    members.push(range(low.character, high.character, context))
    at = high.end
  }
  return { source: `[${negated ? '^' : ''}${members.join('')}]`, end: at + 1 }
}

interface Member {
  /** Undefined for a shorthand like `\d`. */
  readonly character: string | undefined
  readonly source: string
  readonly start: number
  readonly end: number
}

function readMember(pattern: string, start: number, context: ClassContext): Member {
  if (pattern[start] !== '\\') {
    const character = String.fromCodePoint(pattern.codePointAt(start)!)
    return { character, source: character, start, end: start + character.length }
  }
  const letter = pattern[start + 1]
  if (letter === undefined) throw context.error('unterminated character set', start)
  if (letter === 'b') return { character: '\b', source: '', start, end: start + 2 }
  const shorthand = classEscape(letter, context.ascii)
  if (shorthand !== undefined) return { character: undefined, source: shorthand, start, end: start + 2 }
  const escaped = escapedCodePoint(pattern, start, (message) => context.error(message, start))
  return { ...escaped, source: '', start }
}

function single(character: string, context: ClassContext): string {
  if (!context.bothCases) return literal(character)
  const [lower, upper] = [character.toLowerCase(), character.toUpperCase()]
  return lower === upper ? literal(character) : literal(lower) + literal(upper)
}

function range(low: string, high: string, context: ClassContext): string {
  const source = `${literal(low)}-${literal(high)}`
  if (!context.bothCases || !/^[a-zA-Z]$/.test(low) || !/^[a-zA-Z]$/.test(high)) return source
  const both = `${literal(low.toLowerCase())}-${literal(high.toLowerCase())}`
  return `${both}${literal(low.toUpperCase())}-${literal(high.toUpperCase())}`
}
