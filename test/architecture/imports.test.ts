import { describe, expect, it } from 'vitest'
import { roomOf, sourceFiles } from './source-files.js'

/** Which rooms a room may import: data flows one way, from the user's files to the warehouse and out to consumers. */
const LAW: Readonly<Record<string, readonly string[]>> = {
  core: [],
  jinja: ['core'],
  sql: ['core'],
  manifest: ['core'],
  project: ['core', 'jinja', 'manifest'],
  adapters: ['core', 'sql'],
  context: ['core', 'jinja', 'manifest', 'project', 'adapters'],
  parse: ['core', 'jinja', 'sql', 'manifest', 'project', 'adapters', 'context'],
  graph: ['core', 'manifest'],
  artifacts: ['core', 'manifest'],
  compile: ['core', 'jinja', 'sql', 'manifest', 'project', 'adapters', 'context'],
  plan: ['core', 'manifest', 'graph', 'artifacts', 'adapters'],
  run: ['core', 'jinja', 'sql', 'manifest', 'project', 'adapters', 'context', 'graph', 'artifacts', 'compile', 'plan'],
  semantic: ['core', 'sql', 'manifest', 'jinja', 'adapters'],
  lineage: ['core', 'sql', 'manifest', 'graph', 'semantic'],
  query: ['core', 'sql', 'manifest', 'artifacts', 'semantic', 'lineage', 'adapters'],
  serve: ['core', 'query', 'manifest', 'lineage', 'graph', 'artifacts'],
  // The selection code goes into the browser; everything else of the tool is types there.
  web: ['core', 'graph', 'manifest', 'serve'],
}

/** Rooms of which only types may be taken: plans are data, warehouses are not opened while planning. */
const TYPES_ONLY: ReadonlySet<string> = new Set(['plan>adapters', 'semantic>adapters', 'web>manifest'])

const files = sourceFiles()

describe('imports', () => {
  it('follow the law of the rooms', () => {
    const broken: string[] = []
    for (const file of files) {
      const room = roomOf(file.path)
      const allowed = LAW[room]
      if (allowed === undefined) continue
      for (const { target, typeOnly } of file.imports) {
        const other = roomOf(target)
        if (other === room) continue
        if (!allowed.includes(other)) broken.push(`${file.path} imports ${target}`)
        else if (TYPES_ONLY.has(`${room}>${other}`) && !typeOnly)
          broken.push(`${file.path} imports values of ${target}`)
      }
    }
    expect(broken).toEqual([])
  })

  it('have no cycles of values', () => {
    const graph = new Map(files.map((f) => [f.path, f.imports.filter((i) => !i.typeOnly).map((i) => i.target)]))
    const state = new Map<string, 'open' | 'done'>()
    const cycles: string[] = []
    const visit = (path: string, trail: readonly string[]): void => {
      if (state.get(path) === 'done') return
      if (state.get(path) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
        return
      }
      state.set(path, 'open')
      for (const next of graph.get(path) ?? []) visit(next, [...trail, path])
      state.set(path, 'done')
    }
    for (const path of graph.keys()) visit(path, [])
    expect(cycles).toEqual([])
  })
})
