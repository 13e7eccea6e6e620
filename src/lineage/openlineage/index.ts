export { readBuiltColumns } from './read-columns.js'
export { type EventSource, type LineageEvent, type NodeEnd, RunEvents, type RunRef } from './run-events.js'
