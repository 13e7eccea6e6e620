export { type BindInput, type BindResult, bindModels } from './bind-models.js'
export { type CompileOutcome, compileAll } from './compile-all.js'
export { hardCodedTables, type TablesIn } from './hard-coded.js'
