import type { JsonObject } from '../manifest/index.js'

/** Fields of each line of a CSV text: quotes, doubled quotes and line breaks inside them; empty lines are left out. */
export function csvLines(text: string): string[][] {
  const lines: string[][] = []
  let line: string[] = []
  let field = ''
  let quoted = false
  let begun = false
  const endField = (): void => {
    line.push(field)
    field = ''
    begun = false
  }
  const endLine = (): void => {
    if (line.length === 0 && !begun && field === '') return
    endField()
    lines.push(line)
    line = []
  }
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (quoted) {
      if (c !== '"') field += c
      else if (text[i + 1] === '"') {
        field += '"'
        i++
      } else quoted = false
    } else if (c === '"' && field === '') {
      quoted = true
      begun = true
    } else if (c === ',') endField()
    else if (c === '\n') endLine()
    else if (c !== '\r' || text[i + 1] !== '\n') {
      if (c === '\r') endLine()
      else field += c
    }
    if (c === ',') begun = true
  }
  endLine()
  return lines
}

/** The rows of a CSV text by the names in its first line; missing fields are null, as Python's DictReader has it. */
export function csvRecords(text: string): JsonObject[] {
  const [header, ...rows] = csvLines(text)
  if (header === undefined) return []
  return rows.map((row) => {
    const record: JsonObject = {}
    for (const [i, name] of header.entries()) record[name] = row[i] ?? null
    return record
  })
}
