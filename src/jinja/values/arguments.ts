import { pyError } from './errors.js'
import type { Kwargs, Value } from './value.js'

/**
 * Binds a call's arguments to parameters as Python does: by position, then by name, then defaults.
 *
 * @param name the function's name, for messages
 * @param defaults values of the parameters that may be left out
 * @returns one value per parameter, in their order
 * @throws Python's TypeErrors for missing, unknown, double and too many arguments
 */
export function bindArguments(
  name: string,
  params: readonly string[],
  args: readonly Value[],
  kwargs: Kwargs,
  defaults: Readonly<Record<string, Value>> = {},
): Value[] {
  if (args.length > params.length) throw tooMany(name, params, args.length, defaults)
  const bound: Value[] = new Array(params.length)
  const missing: string[] = []
  for (let i = 0; i < params.length; i++) {
    const param = params[i]!
    if (i < args.length) bound[i] = args[i]
    else if (Object.hasOwn(kwargs, param)) bound[i] = kwargs[param]
    else if (Object.hasOwn(defaults, param)) bound[i] = defaults[param]
    else missing.push(param)
  }
  for (const key in kwargs) {
    const at = params.indexOf(key)
    if (at === -1) throw pyError('TypeError', `${name}() got an unexpected keyword argument '${key}'`)
    if (at < args.length) throw pyError('TypeError', `${name}() got multiple values for argument '${key}'`)
  }
  if (missing.length > 0) throw missingArguments(name, missing)
  return bound
}

function tooMany(
  name: string,
  params: readonly string[],
  given: number,
  defaults: Readonly<Record<string, Value>>,
): Error {
  const most = params.length
  const least = params.filter((p) => !Object.hasOwn(defaults, p)).length
  const takes = least === most ? String(most) : `from ${least} to ${most}`
  const plural = most === 1 && least === most ? '' : 's'
  const were = given === 1 ? 'was' : 'were'
  return pyError('TypeError', `${name}() takes ${takes} positional argument${plural} but ${given} ${were} given`)
}

function missingArguments(name: string, missing: readonly string[]): Error {
  const quoted = missing.map((m) => `'${m}'`)
  const plural = missing.length === 1 ? '' : 's'
  const list = quoted.length <= 2 ? quoted.join(' and ') : `${quoted.slice(0, -1).join(', ')}, and ${quoted.at(-1)}`
  return pyError('TypeError', `${name}() missing ${missing.length} required positional argument${plural}: ${list}`)
}

/** For methods that take positional arguments only: checks their number. */
export function checkCount(name: string, args: readonly Value[], least: number, most: number): void {
  if (args.length >= least && args.length <= most) return
  if (least === most) {
    const wanted = most === 0 ? 'no arguments' : most === 1 ? 'exactly one argument' : `${most} arguments`
    throw pyError('TypeError', `${name}() takes ${wanted} (${args.length} given)`)
  }
  const [bound, word] = args.length < least ? [least, 'at least'] : [most, 'at most']
  throw pyError('TypeError', `${name} expected ${word} ${bound} argument${bound === 1 ? '' : 's'}, got ${args.length}`)
}
