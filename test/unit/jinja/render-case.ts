import {
  fromJs,
  iterate,
  PyIterator,
  PySet,
  pyError,
  pythonModules,
  RETURN_FUNCTION,
  RenderThread,
  type Scope,
  toArray,
  tuple,
  type Value,
} from '../../../src/jinja/index.js'

/** A template and what Python makes of it; see generate/expectations.py. */
export interface Case {
  readonly template: string
  readonly context?: Record<string, unknown>
  readonly mode?: 'native' | 'chain'
  readonly expected?: string
  readonly error?: string
  /** What we answer on purpose where Python answers something else, and why. */
  readonly ours?: string
  readonly because?: string
}

/** The moment the expectations were made at. */
const NOW = new Date(Date.UTC(2024, 1, 29, 13, 5, 7, 42))

const zip = (lists: readonly Value[]): Value => {
  const arrays = lists.map(toArray)
  const shortest = Math.min(...arrays.map((a) => a.length))
  return new PyIterator(
    Array.from({ length: shortest }, (_, i) => tuple(arrays.map((a) => a[i]))),
    'zip',
  )
}

/** The names every case can see, and its own. */
export function scopeOf(own: Readonly<Record<string, Value>> = {}): Scope {
  const names: Record<string, Value> = {
    modules: pythonModules({ now: () => NOW }),
    return: RETURN_FUNCTION,
    set: ([items]) => new PySet(items === undefined ? [] : iterate(items)),
    zip,
    fail: () => {
      throw pyError('ZeroDivisionError', 'division by zero')
    },
    ...own,
  }
  return { get: (name) => (Object.hasOwn(names, name) ? names[name] : undefined), names: () => Object.keys(names) }
}

/** The scope of a case: its JSON context as values. */
export function caseScope(one: Case): Scope {
  return scopeOf(Object.fromEntries(Object.entries(one.context ?? {}).map(([key, value]) => [key, fromJs(value)])))
}

/** A thread of strict rendering. */
export function strictThread(): RenderThread {
  return new RenderThread({ undefinedMode: 'strict' })
}
