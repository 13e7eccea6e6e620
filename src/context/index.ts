export { agateTableOf } from './agate-result.js'
export { Capture } from './capture.js'
export { ConnectionHolder } from './connection-holder.js'
export {
  callMacro,
  createGenerateNameScope,
  createMacroScope,
  createParseScope,
  createRunScope,
  createSourceScope,
  createUnitTestParseScope,
  createUnitTestScope,
  type RunScopeOptions,
} from './create-scope.js'
export { runsInBatches } from './event-time.js'
export { executeStatement } from './execute-statement.js'
export { fillRelationCache, relationFound, type SchemaName } from './fill-relation-cache.js'
export { findRelation } from './find-relation.js'
export { seedPath } from './functions/load-agate-table.js'
export { formatBatchStart, writeRunSql } from './functions/write.js'
export { genericTestArguments, TEST_ARGUMENTS } from './generic-test-arguments.js'
export { cleanedUp, type LoggedSession, newSession } from './logged-connection.js'
export { MacroRegistry, type MacroRegistryOptions } from './macro-registry.js'
export { type Found, ManifestLookup, searchName } from './manifest-lookup.js'
export type { MaterializationChoice } from './materialization-lookup.js'
export type { CallNote, Member, NodeScope, ScopeKind } from './node-scope.js'
export { notFound } from './not-found.js'
export { noteUndefined } from './note-undefined.js'
export { AdapterResponseObject } from './objects/adapter-response.js'
export { ColumnObject } from './objects/column.js'
export { RelationObject } from './objects/relation.js'
export { RelationClass } from './objects/relation-class.js'
export { ephemeralName } from './objects/relation-state.js'
export { StatementResult } from './objects/statement-result.js'
export { placeInFile } from './place-in-file.js'
export { addComment, checkQueryComment } from './query-comment.js'
export { RelationCache } from './relation-cache.js'
export { runMacro } from './run-macro.js'
export { parseSampleWindow, type TimeWindow } from './sample-window.js'
export { schemaCreation } from './schema-event.js'
export { seedColumns } from './seed/seed-columns.js'
export { type SessionOptions, TemplateSession } from './session.js'
export { type CompilableNode, describeSubject, isCompilable, type ScopeSubject, type UnitTestNode } from './subject.js'
export { type TargetFile, targetFile } from './target-file.js'
export { warnOrError } from './warn.js'
