/** ANSI styles; every function returns its text unchanged when colours are off. */
export interface Style {
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
  cyan(text: string): string
  dim(text: string): string
  bold(text: string): string
}

const wrap = (code: number, end: number) => (text: string) => `\u001b[${code}m${text}\u001b[${end}m`
const plain = (text: string): string => text

const COLOURED: Style = {
  red: wrap(31, 39),
  green: wrap(32, 39),
  yellow: wrap(33, 39),
  cyan: wrap(36, 39),
  dim: wrap(2, 22),
  bold: wrap(1, 22),
}
const PLAIN: Style = { red: plain, green: plain, yellow: plain, cyan: plain, dim: plain, bold: plain }

export function createStyle(useColors: boolean): Style {
  return useColors ? COLOURED : PLAIN
}
