import type { SourceSpan } from '../core/source-span.js'
import type { MacroParam, SourceOrigin, TemplateAst } from './ast.js'
import type { Scope } from './runtime/scope.js'
import type { RenderThread } from './runtime/thread.js'
import type { HostFunction, Kwargs, Value } from './values/value.js'

export type * from './ast.js'
export type { Scope } from './runtime/scope.js'
export { RenderThread, type RenderThreadOptions, type UndefinedMode } from './runtime/thread.js'
export { PyFloat } from './values/float.js'
export * as py from './values/py.js'
export { PyTuple, tuple } from './values/tuple.js'
export { Undefined } from './values/undefined.js'
export type {
  ArithmeticOperator,
  HostFunction,
  HostObject,
  Kwargs,
  PlainObject,
  Value,
  ValueMap,
} from './values/value.js'
export { NO_KWARGS } from './values/value.js'

export interface Template {
  readonly ast: TemplateAst
  render(thread: RenderThread, scope: Scope): Promise<string>
  renderNative(thread: RenderThread, scope: Scope): Promise<Value>
}
export interface CompileOptions {
  readonly file: string
  readonly name?: string
  readonly origin?: SourceOrigin
}
export declare function parseTemplate(source: string, options: { file: string; origin?: SourceOrigin }): TemplateAst
export declare function compileTemplate(source: string | TemplateAst, options: CompileOptions): Template

export type BlockKind = 'macro' | 'test' | 'data_test' | 'materialization' | 'snapshot' | 'docs'
export interface Block {
  readonly kind: BlockKind | 'raw'
  /** As written. */
  readonly name: string
  /** dbt's generated name: `test_foo`, `materialization_view_default`; the name itself otherwise. */
  readonly macroName: string
  readonly params: readonly MacroParam[]
  /** A materialization's adapter (`default` without one). */
  readonly adapter: string | undefined
  /** A materialization's `supported_languages`. */
  readonly supportedLanguages: readonly string[] | undefined
  readonly fullSource: string
  readonly contents: string
  readonly span: SourceSpan
  readonly bodySpan: SourceSpan
}
export interface ExtractOptions {
  readonly file: string
  readonly kinds: ReadonlySet<BlockKind>
  /** Also give the text between blocks, as blocks of kind `raw`. */
  readonly collectRaw?: boolean
  /** Told of tags that are neither wanted nor inside a wanted block. */
  readonly onUnexpected?: (message: string, span: SourceSpan) => void
}
export declare function extractBlocks(source: string, options: ExtractOptions): Block[]

export interface CompiledMacro {
  readonly name: string
  readonly packageName: string | undefined
  readonly file: string
}
export declare function compileMacro(
  block: Block | string,
  options: { file: string; name?: string; packageName?: string },
): CompiledMacro
export declare function bindMacro(macro: CompiledMacro, scope: Scope, thread: RenderThread): HostFunction
export declare function throwReturn(value: Value): never

export interface StaticCall {
  readonly name: string
  readonly args: readonly Value[]
  readonly kwargs: Kwargs
  readonly span: SourceSpan
}
export declare function staticCalls(
  ast: TemplateAst,
  names: ReadonlySet<string>,
): { calls: StaticCall[]; onlyThese: boolean }
export interface MacroCall {
  readonly name: string
  readonly dispatch?: { readonly name: string; readonly namespace: string | undefined }
}
export declare function macroCalls(ast: TemplateAst): MacroCall[]

export declare function bindArguments(
  name: string,
  params: readonly string[],
  args: readonly Value[],
  kwargs: Kwargs,
  defaults?: Readonly<Record<string, Value>>,
): Value[]
export declare function toStr(value: Value): string
export declare function toRepr(value: Value): string
export declare function truthy(value: Value): boolean
export declare function pyEquals(a: Value, b: Value): boolean
export declare function typeName(value: Value): string
export declare function getAttr(value: Value, name: string): Value
export declare function getItem(value: Value, key: Value): Value
export declare function iterate(value: Value): Iterable<Value>
export declare function fromJs(json: unknown): Value
export declare function toJs(value: Value): unknown
export declare function isMapping(value: Value): boolean
export declare function mappingEntries(value: Value): Iterable<[Value, Value]>
export declare function mappingGet(value: Value, key: Value): Value
export declare function isUndefined(value: Value): boolean
export declare function pythonModules(): Value
