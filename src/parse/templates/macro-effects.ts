import type { MacroRegistry } from '../../context/index.js'
import {
  type Expression,
  type MacroNode as MacroTemplate,
  parseTemplate,
  type Statement,
  type TemplateAst,
  walkExpressions,
} from '../../jinja/index.js'
import type { MacroNode, UniqueId } from '../../manifest/index.js'
import { dispatchArguments, isDispatch } from './dispatch-call.js'
import type { NameFacts } from './read-template.js'

/**
 * Names of dbt's context that can be looked at and called while parsing without anything being noted, printed, raised
 * or sent anywhere.
 */
const HARMLESS: ReadonlySet<string> = new Set(
  (
    'this target model schema database execute flags graph api modules project_name dbt_version invocation_id ' +
    'run_started_at thread_id invocation_args_dict dbt_metadata_envs selected_resources pre_hooks post_hooks sql ' +
    'sql_now var return tojson toyaml set zip local_md5 adapter caller varargs kwargs loop range dict namespace'
  ).split(' '),
)

/** What one macro does by itself. */
interface MacroFacts {
  /** Does it use a name that is not known to be harmless? */
  readonly suspicious: boolean
  /** Macros it may call. */
  readonly calls: readonly MacroNode[]
}

/** Syntax trees of macros, each made once. */
export class MacroAsts {
  readonly #asts = new Map<UniqueId, TemplateAst>()

  add(macro: MacroNode, ast: TemplateAst): void {
    this.#asts.set(macro.unique_id, ast)
  }

  of(macro: MacroNode): TemplateAst {
    let ast = this.#asts.get(macro.unique_id)
    if (ast === undefined) {
      ast = parseTemplate(macro.macro_sql, { file: macro.original_file_path })
      this.#asts.set(macro.unique_id, ast)
    }
    return ast
  }
}

/**
 * Which macros can be run while parsing without any effect: neither they nor what they call use a name that is not
 * known to be harmless. Answers for the templates of one package, since that decides what names mean; computed when
 * first asked.
 */
export class MacroEffects implements NameFacts {
  readonly #facts = new Map<UniqueId, MacroFacts>()
  readonly #pure = new Map<UniqueId, boolean>()

  constructor(
    readonly registry: MacroRegistry,
    readonly packageName: string,
    /** False when a var of the project holds a template itself. */
    readonly varsArePlain: boolean,
    readonly asts: MacroAsts,
  ) {}

  isHarmless(name: string): boolean {
    return name === 'var' ? this.varsArePlain : HARMLESS.has(name)
  }

  isMacro(name: string): boolean {
    return this.registry.namespaceOf(this.packageName).find(name) !== undefined
  }

  pureMacro(packageName: string | null, name: string): UniqueId | undefined {
    const entry = this.registry.namespaceOf(this.packageName).find(packageName ?? name)
    if (entry === undefined) return undefined
    if (packageName === null) return entry.kind === 'macro' ? this.#idIfPure(entry.macro) : undefined
    return entry.kind === 'package' ? this.#idIfPure(entry.macros.get(name)) : undefined
  }

  pureDispatch(name: string, namespace: string | null): UniqueId | undefined {
    return this.#idIfPure(this.#dispatched(name, namespace))
  }

  /** Is running this macro while parsing known to have no effect? */
  isPure(macro: MacroNode): boolean {
    const known = this.#pure.get(macro.unique_id)
    if (known !== undefined) return known
    const reached = new Map<UniqueId, MacroNode>([[macro.unique_id, macro]])
    let pure = true
    for (const each of reached.values()) {
      const facts = this.#factsOf(each)
      if (facts.suspicious || this.#pure.get(each.unique_id) === false) {
        pure = false
        break
      }
      for (const called of facts.calls) reached.set(called.unique_id, called)
    }
    if (pure) for (const id of reached.keys()) this.#pure.set(id, true)
    else this.#pure.set(macro.unique_id, false)
    return pure
  }

  #idIfPure(macro: MacroNode | undefined): UniqueId | undefined {
    return macro !== undefined && this.isPure(macro) ? macro.unique_id : undefined
  }

  #dispatched(name: string, namespace: string | null): MacroNode | undefined {
    try {
      return this.registry.dispatch(name, namespace, this.packageName)
    } catch {
      // Not there: rendering will say so.
      return undefined
    }
  }

  #factsOf(macro: MacroNode): MacroFacts {
    let facts = this.#facts.get(macro.unique_id)
    if (facts === undefined) {
      const definition = this.asts.of(macro).body.find((s): s is MacroTemplate => s.kind === 'macro')
      facts = definition === undefined ? { suspicious: true, calls: [] } : this.#read(definition)
      this.#facts.set(macro.unique_id, facts)
    }
    return facts
  }

  #read(definition: MacroTemplate): MacroFacts {
    const locals = localsOf(definition)
    const calls: MacroNode[] = []
    let suspicious = false
    walkExpressions([definition], (expression) => {
      if (!suspicious && !this.#isHarmlessExpression(expression, locals, calls)) suspicious = true
    })
    return { suspicious, calls }
  }

  #isHarmlessExpression(expression: Expression, locals: ReadonlySet<string>, calls: MacroNode[]): boolean {
    const namespace = this.registry.namespaceOf(this.packageName)
    if (expression.kind === 'attribute' && expression.target.kind === 'name' && !locals.has(expression.target.name)) {
      const owner = expression.target.name
      if (owner === 'config') return expression.name === 'get' || expression.name === 'require'
      const entry = namespace.find(owner)
      if (entry?.kind !== 'package') return true
      const macro = entry.macros.get(expression.name)
      if (macro !== undefined) calls.push(macro)
      return macro !== undefined
    }
    if (expression.kind === 'call' && expression.callee.kind === 'name' && expression.callee.name === 'config') {
      return locals.has('config')
    }
    if (isDispatch(expression) && !locals.has('adapter')) {
      const wanted = dispatchArguments(expression)
      const macro = wanted && this.#dispatched(wanted.name, wanted.namespace)
      if (macro !== undefined) calls.push(macro)
      return macro !== undefined
    }
    if (expression.kind !== 'name' || locals.has(expression.name)) return true
    const entry = namespace.find(expression.name)
    if (entry?.kind === 'macro') calls.push(entry.macro)
    // A package is judged by the macro taken out of it, `config` by what is asked of it.
    return entry !== undefined || expression.name === 'config' || this.isHarmless(expression.name)
  }
}

/** Names a macro binds itself: parameters, `set`, `for`, `with`, `call`. */
function localsOf(definition: MacroTemplate): ReadonlySet<string> {
  const names = new Set(definition.params.map((p) => p.name))
  const visit = (statements: readonly Statement[]): void => {
    for (const s of statements) {
      if (s.kind === 'set' || s.kind === 'set-block' || s.kind === 'for') addTarget(s.target, names)
      if (s.kind === 'with') for (const { target } of s.bindings) addTarget(target, names)
      if (s.kind === 'call-block') for (const p of s.params) names.add(p.name)
      if (s.kind === 'macro') {
        names.add(s.name)
        for (const p of s.params) names.add(p.name)
      }
      if (s.kind === 'if') for (const branch of s.branches) visit(branch.body)
      if ('body' in s) visit(s.body)
      if ('otherwise' in s) visit(s.otherwise)
    }
  }
  visit(definition.body)
  return names
}

function addTarget(target: Extract<Statement, { kind: 'set' }>['target'], names: Set<string>): void {
  if (target.kind === 'name') names.add(target.name)
  else if (target.kind === 'tuple-target') for (const item of target.items) addTarget(item, names)
}
