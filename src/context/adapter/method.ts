import type { Kwargs, Value } from '../../jinja/index.js'
import type { NodeScope } from '../node-scope.js'

/** A method of `adapter` as templates call it. */
export interface AdapterMethod {
  /** What it does at run. */
  readonly run: (scope: NodeScope, args: readonly Value[], kwargs: Kwargs) => Value | Promise<Value>
  /** What it answers while parsing, when nothing may be asked of the warehouse. Absent: the same as at run. */
  readonly parse?: (scope: NodeScope) => Value
}

export type AdapterMethods = Readonly<Record<string, AdapterMethod>>

export const nothing = (): Value => null
export const noList = (): Value => []
export const no = (): Value => false
