import {
  type CallArguments,
  type CallNode,
  type Expression,
  PyFloat,
  type Statement,
  type Target,
  type TemplateAst,
  toJs,
  type Value,
} from '../../jinja/index.js'
import type { NodeVersion, RefArgs, UniqueId } from '../../manifest/index.js'
import type { Settings } from '../config/merge.js'
import type { Captured } from './captured.js'
import { dispatchArguments, isDispatch } from './dispatch-call.js'
import { literalArguments } from './literals.js'

/** What the reader must know about names; see {@link MacroEffects}. */
export interface NameFacts {
  /** Is this name of dbt's context harmless to look at and to call while parsing? */
  isHarmless(name: string): boolean
  /** Does a macro of the project hide this name? */
  isMacro(name: string): boolean
  /**
   * The macro a call means, when running it while parsing can have no effect but its own mention; undefined when there
   * is none or it may have.
   */
  pureMacro(packageName: string | null, name: string): UniqueId | undefined
  /** As {@link pureMacro} for `adapter.dispatch(name, namespace)(...)`. */
  pureDispatch(name: string, namespace: string | null): UniqueId | undefined
}

/** Thrown inside: the template has to be rendered. */
const MUST_RENDER = Symbol('must render')

/** Names whose calls are what is looked for; a project that hides one of them by a macro is not read. */
const NOTED: ReadonlySet<string> = new Set(['ref', 'source', 'config'])

interface Reading extends Captured {
  readonly refs: RefArgs[]
  readonly sources: [string, string][]
  readonly configCalls: Settings[]
  readonly macros: Set<UniqueId>
}

/**
 * Finds what rendering a template with `execute = False` would note, without rendering it. Undefined when that cannot
 * be said for certain: something noted stands under a condition, has arguments that are computed, or a macro is called
 * whose run might note or do something.
 */
export function readTemplate(ast: TemplateAst, facts: NameFacts): Captured | undefined {
  for (const name of NOTED) if (facts.isMacro(name)) return undefined
  const reading: Reading = {
    refs: [],
    sources: [],
    metrics: [],
    functions: [],
    configCalls: [],
    macros: new Set(),
    literal: isLiteral(ast),
  }
  try {
    new Reader(reading, facts).body(ast.body, true)
  } catch (signal) {
    if (signal === MUST_RENDER) return undefined
    throw signal
  }
  return reading
}

/**
 * Is this one of the templates dbt reads by its own static extractor: nothing but text and `{{ ref/source/config }}`
 * with texts, lists, dicts, `True` and `False`?
 */
function isLiteral(ast: TemplateAst): boolean {
  if (/\{\{-|-\}\}|\{%/.test(ast.source)) return false
  for (const statement of ast.body) {
    if (statement.kind === 'text') continue
    if (statement.kind !== 'output') return false
    const { value } = statement
    if (value.kind === 'const') {
      if (typeof value.value !== 'string' && typeof value.value !== 'number') return false
      continue
    }
    if (value.kind !== 'call' || value.callee.kind !== 'name' || !NOTED.has(value.callee.name)) return false
    const { name } = value.callee
    if (name === 'config' && (value.call.args.length > 0 || value.call.kwargs.length === 0)) return false
    for (const { name: key, value: argument } of value.call.kwargs) {
      if (name !== 'config') {
        if (key !== 'v' && key !== 'version') return false
        continue
      }
      if (/^(pre_hook|post_hook|pre-hook|post-hook)$/.test(key) || !isPlain(argument, ast.source)) return false
    }
  }
  return true
}

function isPlain(expression: Expression, source: string): boolean {
  switch (expression.kind) {
    case 'const': {
      if (typeof expression.value === 'string') return true
      const written = source.slice(expression.start, expression.end)
      return written === 'True' || written === 'False'
    }
    case 'list':
      return expression.items.every((item) => isPlain(item, source))
    case 'dict':
      return expression.items.every(({ key, value }) => isPlain(key, source) && isPlain(value, source))
    default:
      return false
  }
}

class Reader {
  readonly #locals = new Set<string>()

  constructor(
    readonly found: Reading,
    readonly facts: NameFacts,
  ) {}

  /** `sure`: will this certainly be run, once? */
  body(statements: readonly Statement[], sure: boolean): void {
    for (const statement of statements) this.#statement(statement, sure)
  }

  #statement(statement: Statement, sure: boolean): void {
    switch (statement.kind) {
      case 'text':
        return
      case 'output':
      case 'do':
        this.#expression(statement.value, sure)
        return
      case 'set':
        this.#expression(statement.value, sure)
        this.#target(statement.target)
        return
      case 'set-block':
        if (statement.filter !== undefined) this.#expression(statement.filter, sure)
        this.body(statement.body, sure)
        this.#target(statement.target)
        return
      case 'if': {
        statement.branches.forEach(({ test, body }, i) => {
          this.#expression(test, sure && i === 0)
          this.body(body, false)
        })
        this.body(statement.otherwise, false)
        return
      }
      case 'for':
        if (statement.recursive) throw MUST_RENDER
        this.#expression(statement.iterable, sure)
        this.#target(statement.target)
        if (statement.test !== undefined) this.#expression(statement.test, false)
        this.body(statement.body, false)
        this.body(statement.otherwise, false)
        return
      case 'with':
        for (const { target, value } of statement.bindings) {
          this.#expression(value, sure)
          this.#target(target)
        }
        this.body(statement.body, sure)
        return
      case 'filter-block':
        this.#expression(statement.filter, sure)
        this.body(statement.body, sure)
        return
      case 'break':
      case 'continue':
        return
      default:
        throw MUST_RENDER
    }
  }

  /** A name the template sets itself; one that hides something noted or a macro makes reading unsafe. */
  #target(target: Target): void {
    if (target.kind === 'tuple-target') {
      for (const item of target.items) this.#target(item)
      return
    }
    const { name } = target
    if (target.kind === 'namespace-target') return
    if (NOTED.has(name) || name === 'adapter' || this.facts.isMacro(name)) throw MUST_RENDER
    this.#locals.add(name)
  }

  #expression(expression: Expression, sure: boolean): void {
    switch (expression.kind) {
      case 'const':
        return
      case 'name':
        if (this.#locals.has(expression.name)) return
        if (!this.facts.isHarmless(expression.name) || this.facts.isMacro(expression.name)) throw MUST_RENDER
        return
      case 'list':
      case 'tuple':
      case 'concat':
        for (const item of expression.items) this.#expression(item, sure)
        return
      case 'dict':
        for (const { key, value } of expression.items) {
          this.#expression(key, sure)
          this.#expression(value, sure)
        }
        return
      case 'condition':
        this.#expression(expression.test, sure)
        this.#expression(expression.value, false)
        if (expression.otherwise !== undefined) this.#expression(expression.otherwise, false)
        return
      case 'logical':
        this.#expression(expression.left, sure)
        this.#expression(expression.right, false)
        return
      case 'filter':
        // `map('...')` and friends call filters by name: no host function among them.
        if (expression.target !== undefined) this.#expression(expression.target, sure)
        this.#arguments(expression.call, sure)
        return
      case 'test':
        this.#expression(expression.target, sure)
        this.#arguments(expression.call, sure)
        return
      case 'call':
        this.#call(expression, sure)
        return
      case 'attribute':
        this.#attribute(expression.target, expression.name, sure)
        return
      case 'item':
        this.#expression(expression.target, sure)
        this.#expression(expression.key, sure)
        return
      case 'slice':
        for (const part of [expression.from, expression.to, expression.step]) {
          if (part !== undefined) this.#expression(part, sure)
        }
        return
      case 'binary':
        this.#expression(expression.left, sure)
        this.#expression(expression.right, sure)
        return
      case 'unary':
        this.#expression(expression.operand, sure)
        return
      case 'compare':
        this.#expression(expression.left, sure)
        for (const { value } of expression.operands) this.#expression(value, sure)
        return
    }
  }

  #arguments(call: CallArguments, sure: boolean): void {
    for (const arg of call.args) this.#expression(arg, sure)
    for (const { value } of call.kwargs) this.#expression(value, sure)
    if (call.star !== undefined) this.#expression(call.star, sure)
    if (call.doubleStar !== undefined) this.#expression(call.doubleStar, sure)
  }

  /** `config.get` is looked at without effect; everything else of `config`, and functions as values, is not. */
  #attribute(target: Expression, name: string, sure: boolean): void {
    if (target.kind === 'name' && target.name === 'config' && !this.#locals.has('config')) {
      if (name !== 'get' && name !== 'require') throw MUST_RENDER
      return
    }
    this.#expression(target, sure)
  }

  #call(node: CallNode, sure: boolean): void {
    const { callee, call } = node
    if (callee.kind === 'name' && !this.#locals.has(callee.name)) {
      if (NOTED.has(callee.name)) {
        this.#note(callee.name, call, sure)
        return
      }
      if (this.facts.isMacro(callee.name)) {
        this.#macroCall(this.facts.pureMacro(null, callee.name), call, sure)
        return
      }
      this.#expression(callee, sure)
      this.#arguments(call, sure)
      return
    }
    if (callee.kind === 'attribute' && callee.target.kind === 'name' && !this.#locals.has(callee.target.name)) {
      const { name: owner } = callee.target
      if (owner === 'adapter') {
        // A dispatched macro that is not called at once is a function as a value.
        if (callee.name === 'dispatch') throw MUST_RENDER
        this.#arguments(call, sure)
        return
      }
      const id = this.facts.pureMacro(owner, callee.name)
      if (id !== undefined) {
        this.#macroCall(id, call, sure)
        return
      }
      if (this.facts.isMacro(owner)) throw MUST_RENDER
    }
    if (isDispatch(callee) && !this.#locals.has('adapter')) {
      const wanted = dispatchArguments(callee)
      if (wanted === undefined) throw MUST_RENDER
      this.#macroCall(this.facts.pureDispatch(wanted.name, wanted.namespace), call, sure)
      return
    }
    this.#expression(callee, sure)
    this.#arguments(call, sure)
  }

  #macroCall(id: UniqueId | undefined, call: CallArguments, sure: boolean): void {
    if (id === undefined || !sure) throw MUST_RENDER
    this.#arguments(call, sure)
    this.found.macros.add(id)
  }

  #note(name: string, call: CallArguments, sure: boolean): void {
    const given = sure ? literalArguments(call) : undefined
    if (given === undefined) throw MUST_RENDER
    const { args, kwargs } = given
    if (name === 'ref') {
      const version = versionOf(kwargs['version']) ?? versionOf(kwargs['v'])
      const reference = refOf(args, version ?? null)
      if (reference === undefined || version === NOT_A_VERSION) throw MUST_RENDER
      this.found.refs.push(reference)
    } else if (name === 'source') {
      const [sourceName, table] = args
      if (args.length !== 2 || typeof sourceName !== 'string' || typeof table !== 'string') throw MUST_RENDER
      this.found.sources.push([sourceName, table])
    } else {
      this.found.configCalls.push(configOf(args, kwargs))
    }
  }
}

const NOT_A_VERSION = Symbol('not a version')

/** `v=0`, `v=''` and `v=none` are no version, as in dbt. */
function versionOf(value: Value): NodeVersion | typeof NOT_A_VERSION | undefined {
  const plain = value instanceof PyFloat ? value.value : value
  if (plain === undefined || plain === null || plain === '' || plain === 0) return undefined
  return typeof plain === 'string' || typeof plain === 'number' ? plain : NOT_A_VERSION
}

function refOf(args: readonly Value[], version: NodeVersion | typeof NOT_A_VERSION | null): RefArgs | undefined {
  if (version === NOT_A_VERSION || args.length < 1 || args.length > 2) return undefined
  const name = args.at(-1)
  const packageName = args.length === 2 ? args[0] : null
  if (typeof name !== 'string' || (packageName !== null && typeof packageName !== 'string')) return undefined
  return { name, package: packageName, version }
}

/** The settings of `config(a=1)` or `config({'a': 1})`. */
function configOf(args: readonly Value[], kwargs: { readonly [name: string]: Value }): Settings {
  const given = args.length === 1 && Object.keys(kwargs).length === 0 ? args[0] : args.length === 0 ? kwargs : undefined
  const settings = toJs(given)
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) throw MUST_RENDER
  const entries = Object.entries(settings)
  if (entries.length === 0) throw MUST_RENDER
  const out: Settings = {}
  for (const [key, value] of entries) {
    const name = key === 'pre_hook' ? 'pre-hook' : key === 'post_hook' ? 'post-hook' : key
    if (name in out) throw MUST_RENDER
    out[name] = value
  }
  return out
}
