import { escapeHtml } from '../values/markup.js'

export interface UrlizeOptions {
  /** Longest text of a link. */
  readonly limit: number | undefined
  readonly rel: string
  readonly target: string | undefined
  /** More schemes that make a link: `mailto:`. */
  readonly schemes: readonly string[]
}

const HOST = [
  // with a scheme or www, any domain
  '(?:https?:\\/\\/|www\\.)(?:[\\w%-]+\\.)*(?:[a-z]{2,63}|xn--[\\w%]{2,59})',
  // without, a domain of the well-known kinds
  '(?:[\\w%-]{2,63}\\.)+(?:com|net|int|edu|gov|org|info|mil)',
  'https?:\\/\\/(?:\\d{1,3}(?:\\.\\d{1,3}){3}|\\[[\\da-f:]+\\])',
]
const HTTP = new RegExp(`^(?:${HOST.join('|')})(?::\\d{1,5})?(?:[/?#]\\S*)?$`, 'i')
const EMAIL = /^\S+@\w[\w.-]*\.\w+$/u
const CLOSING: readonly [string, string][] = [
  ['(', ')'],
  ['<', '>'],
  ['&lt;', '&gt;'],
]

/** Text with its web addresses and mail addresses made links. */
export function urlize(text: string, options: UrlizeOptions): string {
  const attributes = `${options.rel === '' ? '' : ` rel="${escapeHtml(options.rel)}"`}${
    options.target === undefined ? '' : ` target="${escapeHtml(options.target)}"`
  }`
  return escapeHtml(text)
    .split(/(\s+)/)
    .map((word) => linkWord(word, options, attributes))
    .join('')
}

function linkWord(word: string, options: UrlizeOptions, attributes: string): string {
  const [head, middle, tail] = trimPunctuation(word)
  const shown =
    options.limit !== undefined && middle.length > options.limit ? `${middle.slice(0, options.limit)}...` : middle
  let linked = middle
  if (HTTP.test(middle)) {
    const href = /^https?:\/\//i.test(middle) ? middle : `https://${middle}`
    linked = `<a href="${href}"${attributes}>${shown}</a>`
  } else if (middle.startsWith('mailto:') && EMAIL.test(middle.slice(7)))
    linked = `<a href="${middle}">${middle.slice(7)}</a>`
  else if (
    middle.includes('@') &&
    !middle.startsWith('www.') &&
    !middle.startsWith('@') &&
    !middle.includes(':') &&
    EMAIL.test(middle)
  )
    linked = `<a href="mailto:${middle}">${middle}</a>`
  else if (options.schemes.some((scheme) => middle !== scheme && middle.startsWith(scheme)))
    linked = `<a href="${middle}"${attributes}>${middle}</a>`
  return head + linked + tail
}

/** Brackets and punctuation around a word are no part of a link, closing brackets that were opened inside are. */
function trimPunctuation(word: string): [string, string, string] {
  const head = /^(?:[(<]|&lt;)+/.exec(word)?.[0] ?? ''
  let middle = word.slice(head.length)
  let tail = ''
  const end = /(?:[)>.,\n]|&gt;)+$/.exec(middle)
  if (end) {
    tail = end[0]
    middle = middle.slice(0, end.index)
  }
  for (const [open, close] of CLOSING) {
    let missing = middle.split(open).length - middle.split(close).length
    while (missing > 0 && tail.includes(close)) {
      const at = tail.indexOf(close) + close.length
      middle += tail.slice(0, at)
      tail = tail.slice(at)
      missing--
    }
  }
  return [head, middle, tail]
}
