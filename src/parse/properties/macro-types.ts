/** Types macro arguments can be documented with, and how many types each takes in brackets. */
const PARAMETERS: ReadonlyMap<string, number> = new Map([
  ['str', 0],
  ['string', 0],
  ['bool', 0],
  ['int', 0],
  ['integer', 0],
  ['float', 0],
  ['any', 0],
  ['list', 1],
  ['dict', 2],
  ['optional', 1],
  ['relation', 0],
  ['column', 0],
])

/** Is it a type macro arguments may have: `str`, `list[int]`, `dict[str, optional[any]]`? */
export function isMacroType(text: string): boolean {
  const compact = text.replace(/[ \t]/g, '')
  return typeEnd(compact, 0) === compact.length
}

/** Where the type that begins at `from` ends; -1 when there is none. */
function typeEnd(text: string, from: number): number {
  const name = /^[a-z]+/.exec(text.slice(from))?.[0]
  const count = name === undefined ? undefined : PARAMETERS.get(name)
  if (name === undefined || count === undefined) return -1
  let at = from + name.length
  if (count === 0) return at
  for (let i = 0; i < count; i++) {
    if (text[at] !== (i === 0 ? '[' : ',')) return -1
    at = typeEnd(text, at + 1)
    if (at === -1) return -1
  }
  return text[at] === ']' ? at + 1 : -1
}
