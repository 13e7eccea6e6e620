import { pyError } from '../values/errors.js'
import { iterate, toArray } from '../values/iterate.js'
import { isHostObject, isMapping, typeName } from '../values/kinds.js'
import { mappingEntries } from '../values/mapping.js'
import { escapeHtml, escapeValue, Markup } from '../values/markup.js'
import { toStr } from '../values/text.js'
import { truthy } from '../values/truth.js'
import { isUndefined } from '../values/undefined.js'
import type { Value } from '../values/value.js'
import { type Filter, type FilterTable, filterOf } from './filter.js'
import { urlize } from './urlize.js'

const forceescape: Filter = (value) => new Markup(escapeHtml(toStr(value)))

const ENTITY_NAMES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
}

function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d+)|#[xX]([\da-fA-F]+)|(\w+));/g, (whole, decimal, hex, name) => {
    if (decimal) return String.fromCodePoint(Number(decimal))
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16))
    return ENTITY_NAMES[name] ?? whole
  })
}

const striptags: Filter = (value) => {
  const withoutComments = toStr(value).replace(/<!--[\s\S]*?-->/g, '')
  return unescapeHtml(
    withoutComments
      .replace(/<[^>]*>/g, '')
      .trim()
      .split(/\s+/)
      .join(' '),
  )
}

function quoteUrl(value: Value, safe: string): string {
  const encoded = encodeURIComponent(toStr(value)).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return safe === '/' ? encoded.replaceAll('%2F', '/') : encoded
}

function quotePlus(value: Value): string {
  return quoteUrl(value, '').replaceAll('%20', '+')
}

const urlencode: Filter = (value) => {
  if (typeof value === 'string' || !isIterable(value)) return quoteUrl(value, '/')
  const pairs = isMapping(value) ? Array.from(mappingEntries(value)) : Array.from(iterate(value), (p) => toArray(p))
  return pairs.map(([key, item]) => `${quotePlus(key)}=${quotePlus(item)}`).join('&')
}

function isIterable(value: Value): boolean {
  return Array.isArray(value) || isMapping(value) || (isHostObject(value) && !(value instanceof Markup))
}

const xmlattr = filterOf('xmlattr', ['autospace'], { autospace: true }, (value, [autospace]) => {
  if (!isMapping(value)) throw pyError('AttributeError', `'${typeName(value)}' object has no attribute 'items'`)
  const parts: string[] = []
  for (const [key, item] of mappingEntries(value)) {
    if (item === null || isUndefined(item)) continue
    const name = toStr(key)
    if (/[\s/>=]/.test(name)) throw pyError('ValueError', `Invalid character in attribute name: '${name}'`)
    parts.push(`${escapeHtml(name)}="${escapeValue(item).text}"`)
  }
  const text = parts.join(' ')
  return text !== '' && truthy(autospace) ? ' ' + text : text
})

const urlizeFilter = filterOf(
  'urlize',
  ['trim_url_limit', 'nofollow', 'target', 'rel', 'extra_schemes'],
  { trim_url_limit: null, nofollow: false, target: null, rel: null, extra_schemes: null },
  (value, [limit, nofollow, target, rel, schemes]) => {
    const relations = new Set((rel === null ? '' : toStr(rel)).split(/\s+/).filter((r) => r !== ''))
    if (truthy(nofollow)) relations.add('nofollow')
    relations.add('noopener')
    return urlize(toStr(value), {
      limit: typeof limit === 'number' ? limit : undefined,
      rel: Array.from(relations).sort().join(' '),
      target: target === null ? undefined : toStr(target),
      schemes: schemes === null ? [] : Array.from(iterate(schemes), toStr),
    })
  },
)

/** Filters on HTML and URLs. */
export const HTML_FILTERS: FilterTable = [
  ['e', (value) => escapeValue(value)],
  ['escape', (value) => escapeValue(value)],
  ['forceescape', forceescape],
  ['safe', (value) => (value instanceof Markup ? value : new Markup(toStr(value)))],
  ['striptags', striptags],
  ['urlencode', urlencode],
  ['urlize', urlizeFilter],
  ['xmlattr', xmlattr],
]
