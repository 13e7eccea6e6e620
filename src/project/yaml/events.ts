import { type Event, parseEvents, YAMLException } from 'js-yaml'

/** A YAML text as parser events. Their offsets count in `source`, which may have been re-indented. */
export interface YamlEvents {
  readonly source: string
  readonly events: readonly Event[]
  /** An offset of `source` in the text as it was given. */
  toOriginal(offset: number): number
}

/** A deeper nesting than this is a mistake or an attack; PyYAML would overflow its stack too. */
const MAX_DEPTH = 200

/** How many lines are indented one by one before the text is given up. */
const MAX_REPAIRS = 500

/**
 * Parses as libyaml does where the parser (YAML 1.2) is stricter: inside brackets and quotes lines may be indented less
 * than the value they belong to (`]` under its key). Such lines are moved in; their offsets are mapped back.
 * Throws a YAMLException whose position counts in the given text.
 */
export function readEvents(text: string): YamlEvents {
  try {
    return { source: text, events: parseEvents(text, { maxDepth: MAX_DEPTH }), toOriginal: (offset) => offset }
  } catch (error) {
    if (!isDeficientIndent(error)) throw error
    return parseIndented(text)
  }
}

function isDeficientIndent(error: unknown): error is YAMLException {
  return error instanceof YAMLException && error.reason === 'deficient indentation' && error.mark !== undefined
}

function parseIndented(text: string): YamlEvents {
  const lines = text.split('\n')
  const padding = ' '.repeat(Math.max(...lines.map(indentOf)) + 1)
  const padded = closerLines(lines)
  for (let repairs = 0; ; repairs++) {
    const source = lines.map((line, index) => (padded.has(index) ? padding + line : line)).join('\n')
    const toOriginal = (offset: number): number => unpad(offset, lines, padded, padding.length)
    try {
      return { source, events: parseEvents(source, { maxDepth: MAX_DEPTH }), toOriginal }
    } catch (error) {
      if (!(error instanceof YAMLException) || error.mark === undefined) throw error
      const line = source.slice(0, error.mark.position).split('\n').length - 1
      if (!isDeficientIndent(error) || padded.has(line) || repairs >= MAX_REPAIRS) {
        const position = toOriginal(error.mark.position)
        throw new YAMLException(error.reason, { ...error.mark, buffer: text, position })
      }
      padded.add(line)
    }
  }
}

function indentOf(line: string): number {
  return line.search(/[^ ]|$/)
}

/** Lines that begin with a closing bracket, outside of block scalars: the usual case, found without a parse for each. */
function closerLines(lines: readonly string[]): Set<number> {
  const found = new Set<number>()
  let blockIndent: number | undefined
  lines.forEach((line, index) => {
    const indent = indentOf(line)
    if (blockIndent !== undefined && (line.trim() === '' || indent > blockIndent)) return
    blockIndent = /(?:^|\s)[|>][-+0-9]*[ \t]*(?:#.*)?\r?$/.test(line) ? indent : undefined
    if (/^ *[\]}]/.test(line)) found.add(index)
  })
  return found
}

function unpad(offset: number, lines: readonly string[], padded: ReadonlySet<number>, padding: number): number {
  let inSource = 0
  let inText = 0
  for (const [index, line] of lines.entries()) {
    const added = padded.has(index) ? padding : 0
    if (offset <= inSource + added + line.length) return inText + Math.max(0, offset - inSource - added)
    inSource += added + line.length + 1
    inText += line.length + 1
  }
  return inText
}
