import { RequestFault } from '../problem.js'
import { arrow } from './arrow.js'
import { csv } from './csv.js'
import { excel } from './excel.js'
import type { AnswerFormat } from './format.js'
import { json, ndjson } from './json.js'
import { parquet } from './parquet.js'

export const FORMATS: readonly AnswerFormat[] = [json, ndjson, csv, arrow, parquet, excel]

/**
 * The form a client wants: by name (`?format=csv`), else by what its Accept header prefers, else JSON.
 * @throws RequestFault 400 or 406 when there is no such form.
 */
export function chooseFormat(name: string | undefined, accept: string | undefined): AnswerFormat {
  const names = FORMATS.map((format) => format.name).join(', ')
  if (name !== undefined && name !== '') {
    const found = FORMATS.find((format) => format.name === name.toLowerCase())
    if (found === undefined)
      throw new RequestFault(400, 'unknown-format', `There is no format '${name}'`, `there are ${names}`)
    return found
  }
  const wanted = preferences(accept ?? '*/*')
  for (const range of wanted) {
    if (range === '*/*' || range === 'application/*') return json
    const found = FORMATS.find(({ mediaType }) => {
      const type = mediaType.split(';')[0]!
      return range === type || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)))
    })
    if (found !== undefined) return found
  }
  // A browser asks for pages first; whatever else it says, it can show JSON.
  if (wanted.includes('text/html')) return json
  throw new RequestFault(406, 'unknown-format', `None of ${accept} is a form that answers have`, `there are ${names}`)
}

/** Media ranges of an Accept header, the preferred first. */
function preferences(accept: string): string[] {
  return accept
    .split(',')
    .map((entry, at) => {
      const [range = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase())
      const quality = Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? 1)
      return { range, quality: Number.isFinite(quality) ? quality : 0, at }
    })
    .filter(({ range, quality }) => range !== '' && quality > 0)
    .sort((a, b) => b.quality - a.quality || a.at - b.at)
    .map(({ range }) => range)
}
