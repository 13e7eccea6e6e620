import { md5 } from '../../core/checksum.js'
import type { EventSink } from '../../core/event.js'
import {
  bindArguments,
  type HostFunction,
  isMapping,
  iterate,
  mappingEntries,
  PySet,
  toArray,
  toStr,
  tuple,
  type Value,
} from '../../jinja/index.js'
import { maskPlaceholders } from '../env-vars.js'
import { readYaml } from '../yaml/read-yaml.js'
import { safeDump } from '../yaml/safe-dump.js'
import { parseJson, pythonJson } from './python-json.js'

/**
 * Functions that every template of a project has, configuration files too: conversions, sets, `log` and `print`.
 * Where dbt answers with `default` instead of an error, so do these.
 */
export function baseFunctions(emit: EventSink): Readonly<Record<string, HostFunction>> {
  return {
    fromjson: (args, kwargs) => {
      const [text, fallback] = bindArguments('fromjson', ['string', 'default'], args, kwargs, { default: null })
      return orDefault(fallback, () => parseJson(toStr(text)))
    },
    tojson: (args, kwargs) => {
      const params = ['value', 'default', 'sort_keys']
      const [value, , sortKeys] = bindArguments('tojson', params, args, kwargs, {
        default: null,
        sort_keys: false,
      })
      return pythonJson(value, { sortKeys: sortKeys === true })
    },
    fromyaml: (args, kwargs) => {
      const [text, fallback] = bindArguments('fromyaml', ['value', 'default'], args, kwargs, { default: null })
      return orDefault(fallback, () => readYaml(toStr(text), 'fromyaml', { trim: false }) as Value)
    },
    toyaml: (args, kwargs) => {
      const params = ['value', 'default', 'sort_keys']
      const [value, fallback, sortKeys] = bindArguments('toyaml', params, args, kwargs, {
        default: null,
        sort_keys: false,
      })
      return orDefault(fallback, () => safeDump(value, sortKeys === true))
    },
    set: (args, kwargs) => {
      const [items, fallback] = bindArguments('set', ['value', 'default'], args, kwargs, { default: null })
      return orDefault(fallback, () => new PySet(iterate(items)) as unknown as Value)
    },
    set_strict: (args, kwargs) => {
      const [items] = bindArguments('set_strict', ['value'], args, kwargs)
      return new PySet(iterate(items)) as unknown as Value
    },
    zip: (args, kwargs) => orDefault(kwargs['default'] ?? null, () => zip(args)),
    zip_strict: (args) => zip(args),
    local_md5: (args, kwargs) => md5(toStr(bindArguments('local_md5', ['value'], args, kwargs)[0])),
    diff_of_two_dicts: (args, kwargs) => {
      const [a, b] = bindArguments('diff_of_two_dicts', ['dict_a', 'dict_b'], args, kwargs)
      return diffOfDicts(a, b)
    },
    log: (args, kwargs) => {
      const [given, info] = bindArguments('log', ['msg', 'info'], args, kwargs, { info: false })
      const msg = maskPlaceholders(toStr(given))
      if (info === true) emit({ name: 'JinjaLogInfo', code: 'I062', level: 'info', msg, data: { msg } })
      else emit({ name: 'JinjaLogDebug', code: 'I063', level: 'debug', msg, data: { msg } })
      return ''
    },
    print: (args, kwargs) => {
      const msg = toStr(bindArguments('print', ['msg'], args, kwargs)[0])
      emit({ name: 'PrintEvent', code: 'Z052', level: 'info', msg, data: { msg } })
      return ''
    },
  }
}

function orDefault(fallback: Value, make: () => Value): Value {
  try {
    return make()
  } catch {
    return fallback
  }
}

function zip(lists: readonly Value[]): Value {
  const arrays = lists.map((list) => toArray(list))
  const length = arrays.length === 0 ? 0 : Math.min(...arrays.map((list) => list.length))
  return Array.from({ length }, (_, i) => tuple(arrays.map((list) => list[i])))
}

/** What the lists of `a` have more than those of `b`, whatever the case of keys and items. */
function diffOfDicts(a: Value, b: Value): Value {
  const lower = (value: Value): string => toStr(value).toLowerCase()
  const known = new Map<string, Set<string>>()
  if (isMapping(b))
    for (const [key, items] of mappingEntries(b)) known.set(lower(key), new Set(toArray(items).map(lower)))
  const diff: Record<string, Value> = {}
  if (!isMapping(a)) return diff
  for (const [key, items] of mappingEntries(a)) {
    const others = known.get(lower(key))
    const left = others === undefined ? items : toArray(items).filter((item) => !others.has(lower(item)))
    if (others === undefined || (left as Value[]).length > 0) diff[toStr(key)] = left
  }
  return diff
}
