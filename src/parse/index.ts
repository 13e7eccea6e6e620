export { type ParseOptions, type ParseResult, parseProject } from './parse-project.js'
