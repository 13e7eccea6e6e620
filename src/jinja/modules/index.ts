import type { Value } from '../values/value.js'
import { type Clock, dateType } from './date.js'
import { datetimeType } from './datetime.js'
import { itertoolsModule } from './itertools.js'
import { pytzModule } from './pytz.js'
import { reModule } from './regex/module.js'
import { TIME_TYPE } from './time.js'
import { TIMEDELTA_TYPE } from './timedelta.js'

export interface ModulesOptions {
  /** What `now()` and `today()` read; the machine's clock when absent. */
  readonly now?: Clock | undefined
  /** Called when a function of `itertools` is used. */
  readonly onItertools?: (() => void) | undefined
}

/** dbt's `modules`: `datetime`, `pytz`, `re` and `itertools`, each made when it is first asked for. */
export function pythonModules(options: ModulesOptions = {}): Value {
  const clock = options.now ?? (() => new Date())
  const makers: Readonly<Record<string, () => Value>> = {
    pytz: pytzModule,
    datetime: () => datetimeModule(clock),
    re: reModule,
    itertools: () => itertoolsModule(options.onItertools),
  }
  const modules: Record<string, Value> = {}
  for (const [name, make] of Object.entries(makers)) {
    let made: Value
    Object.defineProperty(modules, name, { enumerable: true, configurable: true, get: () => (made ??= make()) })
  }
  return modules
}

function datetimeModule(clock: Clock): Value {
  return new Map<Value, Value>([
    ['date', dateType(clock)],
    ['datetime', datetimeType(clock)],
    ['time', TIME_TYPE],
    ['timedelta', TIMEDELTA_TYPE],
  ])
}
