export { type CompiledSql, type CompileOptions, compileNode } from './compile-node.js'
export { addCte, cteText, type Injection, injectCtes } from './inject-ctes.js'
export { compileInline, parseInlineQuery } from './inline-query.js'
export {
  type Batch,
  type BatchSize,
  type BatchWindow,
  batchId,
  batchScopeValues,
  batchSizeOf,
  planBatches,
  shiftBatch,
  truncate,
  withBatch,
} from './microbatch.js'
export { noteMacrosOf } from './note-macros.js'
export { locateDatabaseError } from './span-map.js'
export { storesFailures } from './stored-failures.js'
export { type PreparedUnitTest, prepareUnitTest } from './unit-test.js'
export { writeCompiled } from './write-compiled.js'
