export interface WrapOptions {
  readonly width: number
  readonly breakLongWords: boolean
  readonly breakOnHyphens: boolean
}

const HYPHENATED = /([^\s\w]*\w+[^\W\d_]-(?=\w{2,})|--+(?=\w)|\s+)/
const WORDS = /(\s+)/

/** Breaks one line into lines of at most so many characters, as Python's textwrap does. */
export function wrapText(text: string, options: WrapOptions): string[] {
  const chunks = text.split(options.breakOnHyphens ? HYPHENATED : WORDS).filter((chunk) => chunk !== '')
  chunks.reverse()
  const lines: string[] = []
  while (chunks.length > 0) {
    const line: string[] = []
    let length = 0
    if (chunks.at(-1)!.trim() === '' && lines.length > 0) chunks.pop()
    while (chunks.length > 0 && length + chunks.at(-1)!.length <= options.width) {
      length += chunks.at(-1)!.length
      line.push(chunks.pop()!)
    }
    const next = chunks.at(-1)
    if (next !== undefined && next.length > options.width) {
      const room = options.width < 1 ? 1 : options.width - length
      if (options.breakLongWords) {
        const end = breakPoint(next, room, options.breakOnHyphens)
        line.push(next.slice(0, end))
        chunks[chunks.length - 1] = next.slice(end)
      } else if (line.length === 0) line.push(chunks.pop()!)
    }
    if (line.length > 0 && line.at(-1)!.trim() === '') line.pop()
    if (line.length > 0) lines.push(line.join(''))
  }
  return lines
}

function breakPoint(chunk: string, room: number, onHyphens: boolean): number {
  if (onHyphens && chunk.length > room) {
    const hyphen = chunk.lastIndexOf('-', room - 1)
    if (hyphen > 0 && /[^-]/.test(chunk.slice(0, hyphen))) return hyphen + 1
  }
  return room
}
