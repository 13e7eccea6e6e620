import type { QueryResult } from '../../adapters/adapter.js'
import { readableColumns, type TextColumn } from './text.js'

/** Cells are cut to this many characters. */
const MAX_WIDTH = 60

/** The answer as a table of text: numbers to the right, the rest to the left. */
export function tableOf(result: QueryResult, decimals: number | null): string {
  return textTable(readableColumns(result, decimals))
}

export function textTable(columns: readonly TextColumn[]): string {
  const cut = columns.map(({ name, cells, isNumber }) => {
    const shown = cells.map(clip)
    return { name, shown, isNumber, width: Math.max(1, ...[name, ...shown].map(displayWidth)) }
  })
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, index) => {
      const { isNumber, width } = cut[index]!
      const space = ' '.repeat(Math.max(0, width - displayWidth(cell)))
      return isNumber ? `${space}${cell}` : `${cell}${space}`
    })
    return padded.join('  ').trimEnd()
  }
  const rows = cut[0]?.shown.map((_, row) => line(cut.map(({ shown }) => shown[row] ?? ''))) ?? []
  return [line(cut.map(({ name }) => name)), line(cut.map(({ width }) => '-'.repeat(width))), ...rows].join('\n')
}

function clip(text: string): string {
  const flat = text.replaceAll(/\s*\n\s*/g, ' ')
  return flat.length > MAX_WIDTH ? `${flat.slice(0, MAX_WIDTH - 1)}…` : flat
}

/** How many places a text takes in a terminal: East Asian wide letters take two. */
export function displayWidth(text: string): number {
  let width = 0
  for (const letter of text) {
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(
      letter,
    )
      ? 2
      : 1
  }
  return width
}
