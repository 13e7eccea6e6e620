import { type CallArguments, literalValue, type Value } from '../../jinja/index.js'

export interface LiteralArguments {
  readonly args: Value[]
  readonly kwargs: { [name: string]: Value }
}

/** The arguments of a call when all of them are written out; undefined otherwise. */
export function literalArguments(call: CallArguments): LiteralArguments | undefined {
  if (call.star !== undefined || call.doubleStar !== undefined) return undefined
  const args: Value[] = []
  for (const arg of call.args) {
    const literal = literalValue(arg)
    if (literal === undefined) return undefined
    args.push(literal.value)
  }
  const kwargs: { [name: string]: Value } = {}
  for (const { name, value } of call.kwargs) {
    const literal = literalValue(value)
    if (literal === undefined) return undefined
    kwargs[name] = literal.value
  }
  return { args, kwargs }
}
