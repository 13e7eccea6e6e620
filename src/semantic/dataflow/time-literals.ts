import { type SqlExpr, timestampLiteral } from '../../sql/plan/expr.js'

const TIME = /'(\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?)'/

/** What stands before a value that the time before it is compared with. */
const COMPARED = /(?:[=<>]|\bbetween|\bin\s*\()\s*$/i

/** What stands between two such values. */
const ANOTHER = /^\s*(?:and|,)\s*$/i

type Part = string | SqlExpr

/**
 * Marks texts that are compared with times as times: there are warehouses that do not compare times with texts.
 * `'2024-01-31' <= x` is left alone, and whatever is not plainly a comparison.
 */
export function withTimeLiterals(parts: readonly Part[], isTime: (expr: SqlExpr) => boolean): Part[] {
  const marked: Part[] = []
  let afterTime = false
  let between = ''
  let values = 0
  const take = (text: string, literal: Part): void => {
    const isValue = afterTime && (values === 0 ? COMPARED.test(between) : ANOTHER.test(between))
    marked.push(isValue ? timestampLiteral(text) : literal)
    afterTime = isValue
    between = ''
    values++
  }
  for (const part of parts.flatMap(splitTimes)) {
    if (typeof part === 'string') {
      const time = TIME.exec(part)?.[1]
      if (time !== undefined) take(time, part)
      else {
        between += part
        marked.push(part)
      }
    } else if (part.kind === 'literal' && part.type === 'string' && TIME.test(`'${part.value}'`)) take(part.value, part)
    else {
      afterTime = isTime(part)
      between = ''
      values = 0
      marked.push(part)
    }
  }
  return marked
}

/** A text of the author with the times in it apart. */
function splitTimes(part: Part): Part[] {
  if (typeof part !== 'string') return [part]
  const pieces: string[] = []
  let rest = part
  for (let found = TIME.exec(rest); found !== null; found = TIME.exec(rest)) {
    pieces.push(rest.slice(0, found.index), found[0])
    rest = rest.slice(found.index + found[0].length)
  }
  return [...pieces, rest].filter((piece) => piece !== '')
}
