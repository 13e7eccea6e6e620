import { checkCount } from '../arguments.js'
import { PyBytes } from '../bytes.js'
import { pyError } from '../errors.js'
import { iterate, tryIterate } from '../iterate.js'
import { isMapping, typeName } from '../kinds.js'
import { mappingGet } from '../mapping.js'
import { asNumeric } from '../numbers.js'
import { toStr } from '../text.js'
import { PyTuple } from '../tuple.js'
import type { Value } from '../value.js'
import { intArgument, type Method, type MethodTable, searchRange, strArgument } from './method.js'
import { CHARACTER_TESTS, capitalize, swapcase, titleCase } from './string-case.js'
import { partition, rpartition, rsplit, split, splitlines } from './string-split.js'

type StringMethod = Method<string>

/** `sep.join(items)`; every item must be a string. */
export function joinStrings(separator: string, items: Iterable<Value>): string {
  const texts: string[] = []
  for (const item of items) {
    if (typeof item !== 'string')
      throw pyError('TypeError', `sequence item ${texts.length}: expected str instance, ${typeName(item)} found`)
    texts.push(item)
  }
  return texts.join(separator)
}

/** `text.strip(characters)` from one or both ends; whitespace without characters. */
export function strip(text: string, characters: Value, side: 'both' | 'left' | 'right'): string {
  if (characters === null || characters === undefined) {
    return side === 'both' ? text.trim() : side === 'left' ? text.trimStart() : text.trimEnd()
  }
  if (typeof characters !== 'string') throw pyError('TypeError', `${stripName(side)} arg must be None or str`)
  let from = 0
  let to = text.length
  if (side !== 'right') while (from < to && characters.includes(text[from]!)) from++
  if (side !== 'left') while (to > from && characters.includes(text[to - 1]!)) to--
  return text.slice(from, to)
}

function stripName(side: 'both' | 'left' | 'right'): string {
  return side === 'both' ? 'strip' : side === 'left' ? 'lstrip' : 'rstrip'
}

/** `text.replace(old, new, count)`. */
export function replaceText(text: string, old: string, by: string, count = -1): string {
  if (count < 0) return text.replaceAll(old, () => by)
  let out = ''
  let from = 0
  if (old === '') {
    let n = 0
    for (const character of text) {
      out += n++ < count ? by + character : character
    }
    return n < count ? out + by : out
  }
  for (let n = 0; n < count; n++) {
    const at = text.indexOf(old, from)
    if (at === -1) break
    out += text.slice(from, at) + by
    from = at + old.length
  }
  return out + text.slice(from)
}

function padded(side: 'left' | 'right' | 'center'): StringMethod {
  return (self, args) => {
    const fill = args[1] === undefined ? ' ' : strArgument(side, args[1])
    const room = intArgument(args[0]) - Array.from(self).length
    if (room <= 0) return self
    if (side === 'left') return self + fill.repeat(room)
    if (side === 'right') return fill.repeat(room) + self
    // CPython puts the odd space left when width and text length differ in parity this way.
    const left = Math.floor(room / 2) + (room & (intArgument(args[0]) & 1))
    return fill.repeat(left) + self + fill.repeat(room - left)
  }
}

function affix(name: string, test: (text: string, part: string) => boolean): StringMethod {
  return (self, args) => {
    if (args.length === 0) throw pyError('TypeError', `${name}() takes at least 1 argument (0 given)`)
    const [from, to] = searchRange(self.length, args[1], args[2])
    const text = from === 0 && to === self.length ? self : self.slice(from, to)
    const parts = args[0] instanceof PyTuple ? args[0] : [args[0]]
    return parts.some((part) => {
      if (typeof part !== 'string')
        throw pyError('TypeError', `${name} first arg must be str or a tuple of str, not ${typeName(part)}`)
      return test(text, part)
    })
  }
}

function find(from: 'left' | 'right', missing: (() => never) | undefined): StringMethod {
  return (self, args) => {
    const part = strArgument('find', args[0])
    const [start, end] = searchRange(self.length, args[1], args[2])
    const text = self.slice(start, end)
    const at = from === 'left' ? text.indexOf(part) : text.lastIndexOf(part)
    if (at === -1) return missing ? missing() : -1
    return at + start
  }
}

function substringNotFound(): never {
  throw pyError('ValueError', 'substring not found')
}

const count: StringMethod = (self, args) => {
  const part = strArgument('count', args[0])
  const [start, end] = searchRange(self.length, args[1], args[2])
  const text = self.slice(start, end)
  return part === '' ? Array.from(text).length + 1 : text.split(part).length - 1
}

const zfill: StringMethod = (self, args) => {
  const width = intArgument(args[0])
  const sign = self[0] === '-' || self[0] === '+' ? self[0] : ''
  return sign + self.slice(sign.length).padStart(width - sign.length, '0')
}

const expandtabs: StringMethod = (self, args, kwargs) => {
  const size = intArgument(args[0] ?? kwargs['tabsize'] ?? 8)
  let column = 0
  let out = ''
  for (const character of self) {
    if (character === '\t') {
      const spaces = size <= 0 ? 0 : size - (column % size)
      out += ' '.repeat(spaces)
      column += spaces
    } else {
      out += character
      column = character === '\n' || character === '\r' ? 0 : column + 1
    }
  }
  return out
}

const translate: StringMethod = (self, args) => {
  const table = args[0]
  if (!isMapping(table)) throw pyError('TypeError', 'translate() needs a table of code points')
  let out = ''
  for (const character of self) {
    const by = mappingGet(table, character.codePointAt(0)!)
    if (by === undefined) out += character
    else if (by !== null) out += typeof by === 'number' ? String.fromCodePoint(by) : toStr(by)
  }
  return out
}

const maketrans: StringMethod = (_self, args) => {
  const [from, to, gone] = args
  const table = new Map<Value, Value>()
  if (isMapping(from)) {
    for (const key of iterate(from)) {
      const code = typeof key === 'string' ? key.codePointAt(0)! : asNumeric(key)
      table.set(code ?? null, mappingGet(from, key))
    }
    return table
  }
  const source = Array.from(strArgument('maketrans', from))
  const target = Array.from(strArgument('maketrans', to))
  if (source.length !== target.length)
    throw pyError('ValueError', 'the first two maketrans arguments must have equal length')
  source.forEach((character, i) => {
    table.set(character.codePointAt(0)!, target[i]!.codePointAt(0)!)
  })
  if (gone !== undefined) for (const character of toStr(gone)) table.set(character.codePointAt(0)!, null)
  return table
}

/** Methods of str, but `format` and `format_map`, which need attribute access. */
export const STRING_METHODS: MethodTable<string> = new Map<string, StringMethod>([
  ...Object.entries(CHARACTER_TESTS).map(([name, test]): [string, StringMethod] => [name, (self) => test(self)]),
  ['capitalize', (self) => capitalize(self)],
  ['casefold', (self) => self.toLowerCase().replaceAll('ß', 'ss')],
  ['center', padded('center')],
  ['count', count],
  ['encode', (self, args, kwargs) => PyBytes.encode(self, args[0] ?? kwargs['encoding'] ?? 'utf-8')],
  ['endswith', affix('endswith', (text, part) => text.endsWith(part))],
  ['expandtabs', expandtabs],
  ['find', find('left', undefined)],
  ['index', find('left', substringNotFound)],
  [
    'join',
    (self, args) => {
      checkCount('str.join', args, 1, 1)
      const items = tryIterate(args[0])
      if (items === undefined) throw pyError('TypeError', 'can only join an iterable')
      return joinStrings(self, items)
    },
  ],
  ['ljust', padded('left')],
  ['lower', (self) => self.toLowerCase()],
  ['lstrip', (self, args) => strip(self, args[0], 'left')],
  ['maketrans', maketrans],
  ['partition', partition],
  [
    'removeprefix',
    (self, args) => {
      const prefix = strArgument('removeprefix', args[0])
      return self.startsWith(prefix) ? self.slice(prefix.length) : self
    },
  ],
  [
    'removesuffix',
    (self, args) => {
      const suffix = strArgument('removesuffix', args[0])
      return suffix !== '' && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self
    },
  ],
  [
    'replace',
    (self, args, kwargs) => {
      checkCount('replace', args, 2, 3)
      const [old, by, limit] = args
      if (typeof old !== 'string' || typeof by !== 'string') {
        const [n, wrong] = typeof old === 'string' ? [2, by] : [1, old]
        throw pyError('TypeError', `replace() argument ${n} must be str, not ${typeName(wrong)}`)
      }
      return replaceText(self, old, by, intArgument(limit ?? kwargs['count'] ?? -1))
    },
  ],
  ['rfind', find('right', undefined)],
  ['rindex', find('right', substringNotFound)],
  ['rjust', padded('right')],
  ['rpartition', rpartition],
  ['rsplit', rsplit],
  ['rstrip', (self, args) => strip(self, args[0], 'right')],
  ['split', split],
  ['splitlines', splitlines],
  ['startswith', affix('startswith', (text, part) => text.startsWith(part))],
  ['strip', (self, args) => strip(self, args[0], 'both')],
  ['swapcase', swapcase],
  ['title', (self) => titleCase(self)],
  ['translate', translate],
  ['upper', (self) => self.toUpperCase()],
  ['zfill', zfill],
])
