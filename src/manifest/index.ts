export * from './manifest.js'
export * from './node-parts.js'
export * from './nodes.js'
