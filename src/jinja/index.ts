/**
 * The template language: dbt's dialect of Jinja 3.1, with Python-like values, places for every error, and awaiting only
 * where a called function gave a promise. Knows nothing of dbt's context; the host brings names through a `Scope`.
 */

export { type PrintLimits, printTable } from './agate/print.js'
export { AgateColumn, AgateRow, AgateTable, type Print } from './agate/table.js'
export type { AgateTypeName } from './agate/types.js'
export { literalValue } from './analysis/literal.js'
export { type MacroCall, macroCalls, readsName } from './analysis/macro-calls.js'
export { type StaticCall, type StaticCalls, staticCalls } from './analysis/static-calls.js'
export type * from './ast.js'
export { WHOLE_FILE } from './ast.js'
export { walkExpression, walkExpressions, walkStatements } from './ast-walk.js'
export { Block, type BlockKind } from './blocks/block.js'
export { type ExtractOptions, extractBlocks } from './blocks/extract-blocks.js'
export { PyDate } from './modules/date.js'
export { PyDateTime } from './modules/datetime.js'
export { type ModulesOptions, pythonModules } from './modules/index.js'
export { PyTime } from './modules/time.js'
export { PyTimedelta } from './modules/timedelta.js'
export { fixedOffset, PyTzInfo } from './modules/timezone.js'
export { nativeValue } from './native/native-value.js'
export { type DefinitionHeading, parseHeading } from './parser/heading.js'
export { type ParseOptions, parseTemplate } from './parser/parse-template.js'
export { bindMacro, CompiledMacro, compileMacro, type MacroOptions } from './runtime/macro.js'
export { RETURN_FUNCTION, throwReturn } from './runtime/return.js'
export type { Scope } from './runtime/scope.js'
export { type CompileOptions, compileTemplate, type Template } from './runtime/template.js'
export { RenderThread, type RenderThreadOptions, type UndefinedMode } from './runtime/thread.js'
export { callMethod, callValue, getAttr, getItem } from './values/access.js'
export { bindArguments } from './values/arguments.js'
export { fromJs, toJs } from './values/convert.js'
export { PyDecimal } from './values/decimal.js'
export { pyEquals } from './values/equality.js'
export { type PyErrorType, pyError } from './values/errors.js'
export { PyFloat } from './values/float.js'
export { iterate, length, PyIterator, toArray } from './values/iterate.js'
export { isCallable, isHostObject, isList, isMapping, typeName } from './values/kinds.js'
export {
  type Mapping,
  mappingDelete,
  mappingEntries,
  mappingGet,
  mappingHas,
  mappingKeys,
  mappingSet,
  mappingSize,
  mappingValues,
} from './values/mapping.js'
export * as py from './values/py.js'
export { PySet } from './values/set.js'
export { toRepr, toStr } from './values/text.js'
export { truthy } from './values/truth.js'
export { PyTuple, tuple } from './values/tuple.js'
export { isUndefined, Undefined } from './values/undefined.js'
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
