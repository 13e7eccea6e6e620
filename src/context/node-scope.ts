import type { CallFrame } from '../core/diagnostic.js'
import { eventWithin, type PlumbEvent } from '../core/event.js'
import { bindMacro, type HostFunction, RenderThread, type Scope, type Value } from '../jinja/index.js'
import type { MacroNode, UniqueId } from '../manifest/index.js'
import type { Capture } from './capture.js'
import type { ConnectionHolder } from './connection-holder.js'
import type { MacroNamespace } from './macro-namespace.js'
import { MacroPackageObject } from './objects/macro-package.js'
import type { ResultStore } from './result-store.js'
import type { TemplateSession } from './session.js'
import type { ScopeSubject } from './subject.js'

/** How one name of a context comes to be; called at most once for each scope. */
export type Member = (scope: NodeScope) => Value
export type MemberTable = Readonly<Record<string, Member>>

/** A kind of context: which names it has and in which mode. Made once, shared by all scopes of the kind. */
export interface ScopeKind {
  readonly execute: boolean
  /** Unit tests read fixtures, which `--empty` leaves alone. */
  readonly ignoresEmpty?: boolean
  readonly members: ReadonlyMap<string, Member>
  /** The kind that macros run by themselves get. */
  readonly forMacros: () => ScopeKind
  /** The kind that query comments get. */
  readonly forQueryComments: () => ScopeKind
}

export interface CallNote {
  readonly depth: number
  note(id: UniqueId): void
}

export interface ScopeParts {
  readonly session: TemplateSession
  /** The resource (or macro) that is rendered. */
  readonly subject: ScopeSubject
  readonly thread: RenderThread
  /** The package whose macros come first. */
  readonly localPackage: string
  readonly capture?: Capture | undefined
  readonly connection?: ConnectionHolder | undefined
  /** Names that stand before everything else. */
  readonly extra?: ReadonlyMap<string, Value> | undefined
  /** Name of the worker, for logs and `thread_id`. */
  readonly threadName?: string | undefined
  /** What every event of this scope carries (`node_info`). */
  readonly eventData?: Readonly<Record<string, unknown>> | undefined
  /** Told of each macro that is called, so many calls deep: 0 are those of the template itself. */
  readonly callNote?: CallNote | undefined
  /** Unit tests: what a macro call gives instead of running it, by macro id. */
  readonly macroResults?: ReadonlyMap<string, Value> | undefined
}

/**
 * The names one template sees: its macros, then dbt's context. Costs nothing to make; every value is made when it is
 * first asked for.
 */
export class NodeScope implements Scope {
  readonly session: TemplateSession
  readonly subject: ScopeSubject
  readonly thread: RenderThread
  readonly capture: Capture | undefined
  readonly connection: ConnectionHolder | undefined
  readonly namespace: MacroNamespace
  /** Results of `statement` blocks. */
  readonly results: ResultStore = new Map()
  /** Ephemeral models and fixtures the rendered SQL names, in the order of their calls. */
  readonly ctes = new Set<UniqueId>()
  readonly #extra: ReadonlyMap<string, Value> | undefined
  readonly #macroResults: ReadonlyMap<string, Value> | undefined
  readonly #values = new Map<string, Value>()
  readonly #members = new Map<string, Value>()
  readonly #bound = new Map<string, HostFunction>()
  readonly #macroThread: RenderThread

  constructor(
    readonly kind: ScopeKind,
    readonly parts: ScopeParts,
  ) {
    this.session = parts.session
    this.subject = parts.subject
    this.thread = parts.thread
    this.capture = parts.capture
    this.connection = parts.connection
    this.namespace = parts.session.macros.namespaceOf(parts.localPackage)
    // Unknown names are let through in the node's own text only; macros are strict, at parse too.
    this.#macroThread =
      parts.thread.undefinedMode === 'strict' ? parts.thread : new RenderThread({ undefinedMode: 'strict' })
    this.#extra = parts.extra
    this.#macroResults = parts.macroResults
  }

  /** Sends an event with the scope's own data and worker. */
  emit(event: PlumbEvent): void {
    const { eventData, threadName } = this.parts
    this.session.invocation.emit(eventWithin(event, eventData, threadName))
  }

  /** Notes that the SQL needs the CTE of this ephemeral model. */
  requireCte(id: UniqueId): void {
    this.ctes.add(id)
  }

  /** Macros under way, innermost last. */
  get macroStack(): readonly CallFrame[] {
    return this.#macroThread.stack
  }

  get execute(): boolean {
    return this.kind.execute
  }

  /** A name as templates see it. A project's macro hides a built-in name (`builtins.ref` reaches the built-in). */
  get(name: string): Value {
    const known = this.#values.get(name)
    if (known !== undefined) return known
    const value = this.#extra?.has(name) ? this.#extra.get(name) : this.#find(name)
    if (value !== undefined) this.#values.set(name, value)
    return value
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  *names(): Iterable<string> {
    if (this.#extra !== undefined) yield* this.#extra.keys()
    yield* this.kind.members.keys()
    yield* this.namespace.names()
  }

  /** A name of dbt's own context, whatever macros are called: `builtins.<name>`. */
  member(name: string): Value {
    const known = this.#members.get(name)
    if (known !== undefined) return known
    const value = this.kind.members.get(name)?.(this)
    if (value !== undefined) this.#members.set(name, value)
    return value
  }

  /** The function that runs a macro in this scope; a call from the template itself is noted as a dependency. */
  bind(macro: MacroNode): HostFunction {
    const id = macro.unique_id
    let bound = this.#bound.get(id)
    if (bound === undefined) {
      bound = this.#track(id, this.#macroResults?.has(id) ? this.#constant(id) : this.#lazily(macro))
      this.#bound.set(id, bound)
    }
    return bound
  }

  #find(name: string): Value {
    const entry = this.namespace.find(name)
    if (entry === undefined) return this.member(name)
    return entry.kind === 'macro' ? this.bind(entry.macro) : new MacroPackageObject(this, entry.macros)
  }

  /** Compiles only when called: most scopes hand out more macros than they run. */
  #lazily(macro: MacroNode): HostFunction {
    let run: HostFunction | undefined
    return (args, kwargs) => {
      run ??= bindMacro(this.session.macros.compiled(macro), this, this.#macroThread)
      return run(args, kwargs)
    }
  }

  #constant(id: string): HostFunction {
    const value = this.#macroResults?.get(id)
    return () => value
  }

  #track(id: string, run: HostFunction): HostFunction {
    const { capture } = this
    const { callNote } = this.parts
    if (capture === undefined && callNote === undefined) return run
    const { stack } = this.#macroThread
    return (args, kwargs) => {
      if (stack.length === 0) capture?.macros.add(id)
      if (stack.length === callNote?.depth) callNote.note(id)
      return run(args, kwargs)
    }
  }
}
