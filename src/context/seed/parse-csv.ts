/** One record of a CSV file and the line (1-based) it begins in. */
export interface CsvRecord {
  readonly cells: readonly string[]
  readonly line: number
}

/**
 * Splits CSV text into records as Python's csv module does: quotes count at the beginning of a cell only and are
 * doubled inside, line ends within quotes belong to the cell, an empty line is a record without cells.
 */
export function parseCsv(text: string, delimiter: string): CsvRecord[] {
  const records: CsvRecord[] = []
  const size = text.length
  let at = 0
  let line = 1
  while (at < size) {
    const cells: string[] = []
    const firstLine = line
    if (isLineEnd(text, at)) {
      at = behindLineEnd(text, at)
      line++
      records.push({ cells, line: firstLine })
      continue
    }
    for (;;) {
      let cell = ''
      if (text[at] === '"') {
        const quoted = readQuoted(text, at)
        cell = quoted.text
        line += quoted.lines
        at = quoted.end
      }
      const start = at
      while (at < size && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at++
      cells.push(start === at ? cell : cell + text.slice(start, at))
      if (text[at] !== delimiter) break
      at++
    }
    records.push({ cells, line: firstLine })
    if (at < size) {
      at = behindLineEnd(text, at)
      line++
    }
  }
  return records
}

/** Reads a quoted part of a cell; one without an end goes on to the end of the text. */
function readQuoted(text: string, from: number): { text: string; end: number; lines: number } {
  let content = ''
  let at = from + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    const end = quote === -1 ? text.length : quote
    content += text.slice(at, end)
    if (quote === -1) return { text: content, end, lines: countLines(content) }
    if (text[quote + 1] !== '"') return { text: content, end: quote + 1, lines: countLines(content) }
    content += '"'
    at = quote + 2
  }
}

function countLines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++
  return count
}

function isLineEnd(text: string, at: number): boolean {
  return text[at] === '\n' || text[at] === '\r'
}

function behindLineEnd(text: string, at: number): number {
  return text[at] === '\r' && text[at + 1] === '\n' ? at + 2 : at + 1
}
