import type { CallFrame } from '../../core/diagnostic.js'
import type { SourceSpan } from '../../core/source-span.js'
import { type MacroNode, type SourceOrigin, WHOLE_FILE } from '../ast.js'
import type { Block } from '../blocks/block.js'
import { type CompiledDefinition, compileDefinition } from '../compile/compile-template.js'
import { parseTemplate } from '../parser/parse-template.js'
import { syntaxError } from '../syntax/source-text.js'
import { describeFunction, type FunctionInfo } from '../values/function-info.js'
import type { HostFunction, Kwargs, Value } from '../values/value.js'
import { MacroReturn } from './failure.js'
import type { Scope } from './scope.js'
import type { ActiveFrame, RenderThread } from './thread.js'

export interface MacroOptions {
  readonly file: string
  /** The macro's name in messages and on the call stack; its own when absent. */
  readonly name?: string | undefined
  readonly packageName?: string | undefined
  /** Where the source begins in the file; a block knows by itself. */
  readonly origin?: SourceOrigin | undefined
}

/** A macro of a file: source, and code once it was called. Shared by all renders. */
export class CompiledMacro implements FunctionInfo {
  readonly name: string
  readonly packageName: string | undefined
  readonly file: string
  readonly #source: string
  readonly #origin: SourceOrigin
  #code: CompiledDefinition | undefined

  constructor(source: string, origin: SourceOrigin, name: string, options: MacroOptions) {
    this.#source = source
    this.#origin = origin
    this.name = options.name ?? name
    this.packageName = options.packageName
    this.file = options.file
  }

  /** `dbt_utils.star`: how the call stack calls it. */
  get qualifiedName(): string {
    return this.packageName === undefined ? this.name : `${this.packageName}.${this.name}`
  }

  get argumentNames(): readonly string[] {
    return this.code.params
  }

  get code(): CompiledDefinition {
    this.#code ??= this.#compile()
    return this.#code
  }

  #compile(): CompiledDefinition {
    const ast = parseTemplate(this.#source, { file: this.file, origin: this.#origin })
    const node = ast.body.find((n): n is MacroNode => n.kind === 'macro')
    if (!node) throw syntaxError(ast, `'${this.name}' is not a macro`, 0, 1)
    return compileDefinition(ast, node)
  }
}

/** Prepares a macro: a block cut out of a file, or its whole source. It is parsed on its first call. */
export function compileMacro(block: Block | string, options: MacroOptions): CompiledMacro {
  if (typeof block === 'string') return new CompiledMacro(block, options.origin ?? WHOLE_FILE, '', options)
  return new CompiledMacro(block.fullSource, options.origin ?? block.origin, block.macroName, options)
}

/** A macro on the call stack; the place of the call is worked out only when somebody asks. */
class MacroCall implements CallFrame {
  constructor(
    readonly name: string,
    private readonly caller: ActiveFrame | undefined,
  ) {}

  get at(): SourceSpan | undefined {
    return this.caller?.place()
  }
}

/**
 * The function a scope hands out for a macro's name. A call puts the macro on the thread's stack, runs it with `scope`
 * for the names it does not set itself, and gives its text or what it returned.
 */
export function bindMacro(macro: CompiledMacro, scope: Scope, thread: RenderThread): HostFunction {
  return describeFunction((args, kwargs) => callMacro(macro, scope, thread, args, kwargs), macro)
}

function callMacro(
  macro: CompiledMacro,
  scope: Scope,
  thread: RenderThread,
  args: readonly Value[],
  kwargs: Kwargs,
): Value | Promise<Value> {
  const { stack } = thread
  const { run } = macro.code
  stack.push(new MacroCall(`macro ${macro.qualifiedName}`, thread.active))
  let result: Value | Promise<Value>
  try {
    result = run(thread, scope, undefined, args, kwargs)
  } catch (error) {
    stack.pop()
    return returned(error)
  }
  if (result instanceof Promise) {
    return result.then(
      (value) => {
        stack.pop()
        return value
      },
      (error) => {
        stack.pop()
        return returned(error)
      },
    )
  }
  stack.pop()
  return result
}

/** The value of a `return` that came as a throw; any other error goes on. */
function returned(error: unknown): Value {
  if (error instanceof MacroReturn) return error.value
  throw error
}
