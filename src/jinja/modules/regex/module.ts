import { bindArguments } from '../../values/arguments.js'
import { pyError } from '../../values/errors.js'
import { toStr } from '../../values/text.js'
import type { HostFunction, Kwargs, Value } from '../../values/value.js'
import { ASCII, DOTALL, flagBits, IGNORECASE, LOCALE, MULTILINE, RegexFlag, UNICODE, VERBOSE } from './flags.js'
import { PATTERN_FUNCTIONS, PyPattern } from './pattern.js'

/** How many compiled patterns are kept. */
const KEPT = 512

const FLAGS: readonly (readonly [names: readonly string[], bits: number])[] = [
  [['A', 'ASCII'], ASCII],
  [['I', 'IGNORECASE'], IGNORECASE],
  [['L', 'LOCALE'], LOCALE],
  [['M', 'MULTILINE'], MULTILINE],
  [['S', 'DOTALL'], DOTALL],
  [['U', 'UNICODE'], UNICODE],
  [['X', 'VERBOSE'], VERBOSE],
  [['NOFLAG'], 0],
]

/** Where the flags stand among a module function's arguments, the pattern being the first. */
const FLAG_POSITIONS: Readonly<Record<string, number>> = {
  search: 2,
  match: 2,
  fullmatch: 2,
  findall: 2,
  finditer: 2,
  sub: 4,
  subn: 4,
  split: 3,
}

/** dbt's `modules.re`. */
export function reModule(): Map<Value, Value> {
  const patterns = new Map<string, PyPattern>()
  const compile = (pattern: Value, flags: Value): PyPattern => {
    if (pattern instanceof PyPattern) return pattern
    if (typeof pattern !== 'string') throw pyError('TypeError', `first argument must be string or compiled pattern`)
    const bits = flagBits(flags)
    const key = `${bits}:${pattern}`
    const known = patterns.get(key)
    if (known) return known
    if (patterns.size >= KEPT) patterns.clear()
    const made = new PyPattern(pattern, bits)
    patterns.set(key, made)
    return made
  }
  const entries = Object.keys(FLAG_POSITIONS).map((name): [Value, Value] => [name, moduleFunction(name, compile)])
  return new Map<Value, Value>([
    ...entries,
    ...FLAGS.flatMap(([names, bits]) => names.map((name): [Value, Value] => [name, new RegexFlag(bits)])),
    [
      'compile',
      (args, kwargs) => {
        const [pattern, flags] = bindArguments('compile', ['pattern', 'flags'], args, kwargs, { flags: 0 })
        return compile(pattern, flags)
      },
    ],
    ['escape', (args) => escapeRegex(toStr(args[0]))],
    [
      'purge',
      () => {
        patterns.clear()
        return null
      },
    ],
  ])
}

function moduleFunction(name: string, compile: (pattern: Value, flags: Value) => PyPattern): HostFunction {
  const position = FLAG_POSITIONS[name]!
  const apply = PATTERN_FUNCTIONS[name]!
  return (args, kwargs) => {
    const { pattern = args[0], flags = args[position] ?? 0, ...rest } = kwargs as Kwargs
    if (pattern === undefined) throw pyError('TypeError', `${name}() missing 1 required positional argument: 'pattern'`)
    const own = Object.hasOwn(kwargs, 'pattern') ? args : args.slice(1)
    return apply(compile(pattern, flags), own.slice(0, position - 1), rest)
  }
}

function escapeRegex(text: string): string {
  return text.replace(/[-\\^$.*+?()[\]{}|&~#\s]/g, (c) => `\\${c}`)
}
