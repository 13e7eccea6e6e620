export { type BindInput, type BindResult, bindModels } from './bind-models.js'
export { type CompileOutcome, compileAll } from './compile-all.js'
export { hardCodedTables } from './hard-coded.js'
