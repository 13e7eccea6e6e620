import { Cycler } from './runtime/cycler.js'
import { Namespace } from './runtime/namespace.js'
import { bindArguments, checkCount } from './values/arguments.js'
import { pyError } from './values/errors.js'
import { updateMapping } from './values/methods/dict.js'
import { intArgument } from './values/methods/method.js'
import { PyRange } from './values/range.js'
import type { HostFunction, Value } from './values/value.js'

/** The sandbox does not let loops run away. */
const MAX_RANGE = 100_000

const range: HostFunction = (args) => {
  checkCount('range', args, 1, 3)
  const [first = 0, second, step = 1] = args.map(intArgument)
  const made = second === undefined ? new PyRange(0, first, 1) : new PyRange(first, second, step)
  if (made.length > MAX_RANGE)
    throw pyError('OverflowError', `Range too big. The sandbox blocks ranges larger than MAX_RANGE (${MAX_RANGE}).`)
  return made
}

const dict: HostFunction = (args, kwargs) => {
  checkCount('dict', args, 0, 1)
  const map = new Map<Value, Value>()
  updateMapping(map, args[0], kwargs)
  return map
}

/** `joiner(', ')`: nothing the first time it is called, the separator afterwards. */
const joiner: HostFunction = (args, kwargs) => {
  const [separator] = bindArguments('joiner', ['sep'], args, kwargs, { sep: ', ' })
  let used = false
  return () => {
    if (used) return separator
    used = true
    return ''
  }
}

/** The names Jinja itself puts into every template; the host's names come before them. */
export const GLOBALS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['range', range],
  ['dict', dict],
  ['namespace', (args, kwargs) => new Namespace(args, kwargs)],
  ['cycler', (args) => new Cycler(args)],
  ['joiner', joiner],
])
