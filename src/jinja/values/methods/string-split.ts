import { pyError } from '../errors.js'
import { typeName } from '../kinds.js'
import { tuple } from '../tuple.js'
import type { Kwargs, Value } from '../value.js'
import { intArgument, type Method, strArgument } from './method.js'

function splitArguments(args: readonly Value[], kwargs: Kwargs): { separator: string | undefined; limit: number } {
  const separator = args[0] ?? kwargs['sep'] ?? null
  const limit = args[1] ?? kwargs['maxsplit'] ?? -1
  if (separator !== null && typeof separator !== 'string')
    throw pyError('TypeError', `must be str or None, not ${typeName(separator)}`)
  if (separator === '') throw pyError('ValueError', 'empty separator')
  const most = intArgument(limit)
  return { separator: separator ?? undefined, limit: most < 0 ? Number.POSITIVE_INFINITY : most }
}

export const split: Method<string> = (self, args, kwargs) => {
  const { separator, limit } = splitArguments(args, kwargs)
  if (separator === undefined) return splitWhitespace(self, limit)
  if (limit === Number.POSITIVE_INFINITY) return self.split(separator)
  const parts: Value[] = []
  let from = 0
  for (let n = 0; n < limit; n++) {
    const at = self.indexOf(separator, from)
    if (at === -1) break
    parts.push(self.slice(from, at))
    from = at + separator.length
  }
  parts.push(self.slice(from))
  return parts
}

function splitWhitespace(text: string, limit: number): Value[] {
  const parts: Value[] = []
  let rest = text.trimStart()
  while (rest !== '') {
    const gap = /\s+/.exec(rest)
    if (parts.length >= limit || !gap) {
      parts.push(gap && parts.length < limit ? rest.trimEnd() : rest)
      break
    }
    parts.push(rest.slice(0, gap.index))
    rest = rest.slice(gap.index).trimStart()
  }
  return parts
}

export const rsplit: Method<string> = (self, args, kwargs) => {
  const { separator, limit } = splitArguments(args, kwargs)
  if (limit === Number.POSITIVE_INFINITY) return split(self, [separator ?? null], {})
  const parts: Value[] = []
  let rest = separator === undefined ? self.trimEnd() : self
  while (parts.length < limit) {
    if (separator !== undefined) {
      const at = rest.lastIndexOf(separator)
      if (at === -1) break
      parts.unshift(rest.slice(at + separator.length))
      rest = rest.slice(0, at)
    } else {
      const last = /\s+(\S+)$/.exec(rest)
      if (!last) break
      parts.unshift(last[1]!)
      rest = rest.slice(0, last.index).trimEnd()
    }
  }
  if (separator !== undefined || rest !== '') parts.unshift(rest)
  return parts
}

const LINE = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g

export const splitlines: Method<string> = (self, args, kwargs) => {
  const keep = (args[0] ?? kwargs['keepends'] ?? false) === true
  const lines: Value[] = []
  let from = 0
  for (const match of self.matchAll(LINE)) {
    const end = match.index + match[0].length
    lines.push(self.slice(from, keep ? end : match.index))
    from = end
  }
  if (from < self.length) lines.push(self.slice(from))
  return lines
}

export const partition: Method<string> = (self, args) => {
  const separator = strArgument('partition', args[0])
  if (separator === '') throw pyError('ValueError', 'empty separator')
  const at = self.indexOf(separator)
  return at === -1 ? tuple([self, '', '']) : tuple([self.slice(0, at), separator, self.slice(at + separator.length)])
}

export const rpartition: Method<string> = (self, args) => {
  const separator = strArgument('rpartition', args[0])
  if (separator === '') throw pyError('ValueError', 'empty separator')
  const at = self.lastIndexOf(separator)
  return at === -1 ? tuple(['', '', self]) : tuple([self.slice(0, at), separator, self.slice(at + separator.length)])
}
