import { fail } from '../../core/diagnostic.js'
import {
  bindArguments,
  getItem,
  type HostFunction,
  type HostObject,
  isMapping,
  isUndefined,
  type Kwargs,
  mappingEntries,
  py,
  toJs,
  toStr,
  type Value,
} from '../../jinja/index.js'
import type { JsonObject } from '../../manifest/index.js'
import type { Capture } from '../capture.js'
import type { Member, NodeScope } from '../node-scope.js'
import { classOf } from './python-words.js'

/** `config` while parsing: calls are noted, questions answered with nothing. */
export const parseConfig: Member = (scope) => new ParseConfigObject(scope.capture)

/** `config` at run: calls do nothing, questions are answered from the node's config. */
export const runConfig: Member = (scope) => new RunConfigObject(scope)

class ParseConfigObject implements HostObject {
  readonly [py.typeName] = 'ParseConfigObject'

  constructor(private readonly capture: Capture | undefined) {}

  [py.call](args: readonly Value[], kwargs: Kwargs): Value {
    const names = Object.keys(kwargs)
    if (args.length === 1 && names.length === 0 && isMapping(args[0])) {
      return this.#note(Object.fromEntries([...mappingEntries(args[0])].map(([k, v]) => [toStr(k), v])))
    }
    if (args.length === 0 && names.length > 0) return this.#note(kwargs)
    return fail('compilation', 'inline-config', 'Invalid inline model config', {
      hint: "write {{ config(materialized='table', ...) }}",
    })
  }

  [py.getattr](name: string): Value {
    switch (name) {
      case 'set':
        return (args) => this.#note({ [toStr(args[0])]: args[1] })
      case 'get':
      case 'require':
      case 'meta_get':
      case 'meta_require':
        return () => ''
      case 'persist_relation_docs':
      case 'persist_column_docs':
        return () => false
      default:
        return undefined
    }
  }

  #note(options: Readonly<Record<string, Value>>): string {
    if (this.capture === undefined) {
      fail('runtime', 'config-not-allowed', 'config() was called where nothing can be configured')
    }
    const call: JsonObject = {}
    for (const [name, value] of Object.entries(options)) call[name] = (toJs(value) ?? null) as JsonObject[string]
    for (const old of ['pre_hook', 'post_hook'] as const) {
      const value = call[old]
      if (value === undefined) continue
      const dashed = old.replace('_', '-')
      if (dashed in call) {
        fail('compilation', 'config-conflict', `Invalid config, has conflicting keys "${old}" and "${dashed}"`)
      }
      delete call[old]
      call[dashed] = value
    }
    this.capture.configCalls.push(call)
    return ''
  }
}

class RunConfigObject implements HostObject {
  readonly [py.typeName] = 'RuntimeConfigObject'

  constructor(private readonly scope: NodeScope) {}

  [py.call](): Value {
    return ''
  }

  [py.getattr](name: string): Value {
    switch (name) {
      case 'get':
      case 'meta_get':
        return this.#getter(name)
      case 'require':
      case 'meta_require':
        return this.#requirer(name)
      case 'set':
        return () => ''
      case 'persist_relation_docs':
        return () => this.#persistDocs('relation')
      case 'persist_column_docs':
        return () => this.#persistDocs('columns')
      case 'model':
        return this.scope.subject as unknown as Value
      default:
        return undefined
    }
  }

  #getter(method: 'get' | 'meta_get'): HostFunction {
    return (args, kwargs) => {
      const params = ['name', 'default', 'validator']
      const defaults = { default: null, validator: null }
      const [nameValue, fallback, validator] = bindArguments(method, params, args, kwargs, defaults)
      const name = toStr(nameValue)
      const found = this.#look(method === 'get' ? 'config' : 'meta', name)
      if (found === undefined && method === 'get') this.#noteMetaKey(name)
      const value = found === undefined ? fallback : found
      return fallback === null ? value : checked(value, validator)
    }
  }

  #requirer(method: 'require' | 'meta_require'): HostFunction {
    return (args, kwargs) => {
      const [nameValue, validator] = bindArguments(method, ['name', 'validator'], args, kwargs, { validator: null })
      const name = toStr(nameValue)
      const value = this.#look(method === 'require' ? 'config' : 'meta', name)
      if (value === undefined) {
        fail(
          'compilation',
          'config-missing',
          `Model '${this.scope.subject.unique_id}' does not define a required config parameter '${name}'.`,
        )
      }
      return checked(value, validator)
    }
  }

  /** A key of the node's config (or of its `meta`), undefined when it is not there. */
  #look(where: 'config' | 'meta', name: string): Value {
    const config = 'config' in this.scope.subject ? (this.scope.subject.config as unknown as JsonObject) : {}
    if (where === 'config' && name === 'snapshot_table_column_names') return snapshotColumnNames(config)
    const holder = where === 'config' ? config : ((config['meta'] ?? {}) as JsonObject)
    if (where === 'config' && (name === 'pre-hook' || name === 'post-hook')) return undefined
    const key = where === 'config' && HOOK_KEYS.has(name) ? name.replace('_', '-') : name
    return Object.hasOwn(holder, key) ? (holder[key] as Value) : undefined
  }

  /** A key that is only found under `meta` is no config: says how to get at it. */
  #noteMetaKey(name: string): void {
    if (this.#look('meta', name) === undefined) return
    const msg =
      `The key '${name}' was not found using config.get('${name}'), but stands under 'meta': use ` +
      `config.meta_get('${name}') or config.meta_require('${name}') to read it.`
    this.scope.emit({ name: 'GetMetaKeyWarning', code: 'D041', level: 'warn', msg, data: { meta_key: name } })
  }

  #persistDocs(what: 'relation' | 'columns'): Value {
    const docs = this.#look('config', 'persist_docs') ?? {}
    if (!isMapping(docs)) {
      fail(
        'compilation',
        'persist-docs-type',
        `Invalid value provided for 'persist_docs'. Expected dict but received ${classOf(docs)}`,
      )
    }
    const value = getItem(docs, what)
    return isUndefined(value) ? false : value
  }
}

const SNAPSHOT_COLUMNS = ['dbt_valid_from', 'dbt_valid_to', 'dbt_scd_id', 'dbt_updated_at', 'dbt_is_deleted']

/** The columns a snapshot adds, with the names its config gives them: no key of the config, but asked for as one. */
function snapshotColumnNames(config: JsonObject): Value {
  const given = config['snapshot_meta_column_names']
  if (given === undefined) return undefined
  const names = (given ?? {}) as JsonObject
  return Object.fromEntries(SNAPSHOT_COLUMNS.map((name) => [name, names[name] || name])) as Value
}

/** Attributes of dbt's config that its JSON writes with a dash; the dashed names are no attributes. */
const HOOK_KEYS: ReadonlySet<string> = new Set(['pre_hook', 'post_hook'])

/** The value, after the validator (if any) has had its say. */
function checked(value: Value, validator: Value): Value | Promise<Value> {
  if (typeof validator !== 'function') return value
  const answer = validator([value], {})
  return answer instanceof Promise ? answer.then(() => value) : value
}
