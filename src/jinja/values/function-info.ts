import type { HostFunction } from './value.js'

/** What templates can ask a macro, which is a function to them. */
export interface FunctionInfo {
  readonly name: string
  /** Names of the parameters. */
  readonly argumentNames: readonly string[]
}

const INFO: unique symbol = Symbol('function info')

type DescribedFunction = HostFunction & { [INFO]?: FunctionInfo }

/** The same function, with a name and arguments that templates can read. */
export function describeFunction(call: HostFunction, info: FunctionInfo): HostFunction {
  const described: DescribedFunction = call
  described[INFO] = info
  return described
}

/** What a function was described as, if it was. */
export function functionInfo(call: HostFunction): FunctionInfo | undefined {
  return (call as DescribedFunction)[INFO]
}
