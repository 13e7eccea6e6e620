import { expect, it } from 'vitest'
import { type YamlPath, yamlPositions } from '../../../../src/project/index.js'

const TEXT = `models:
  - name: a
    description: |
      First line.
        {{ doc('x') }}
    columns: [{name: id, tests: [unique]}]
  - &base
    name: "b c"
    config: {
      tags: [x]
  }
  - <<: *base
    name: 'd'
    text: "one
two"
name: last
name: twice
`

const positions = yamlPositions(TEXT, 'x.yml')
const shown = (path: YamlPath, of: 'at' | 'keyAt' | 'nearest' = 'at'): [number, string] | undefined => {
  const span = positions[of](path)
  return span && [span.line, TEXT.slice(span.start, span.end)]
}

it('finds values, keys, and what is nearest', () => {
  expect(shown(['models', 0, 'name'])).toEqual([2, 'a'])
  expect(shown(['models', 0, 'name'], 'keyAt')).toEqual([2, 'name'])
  expect(shown(['models', 0, 'columns', 0, 'tests', 0])).toEqual([6, 'unique'])
  expect(shown(['models', 1, 'name'])).toEqual([8, '"b c"'])
  expect(shown(['models'])).toEqual([1, 'models'])
  expect(shown(['models', 0])).toEqual([2, 'name: a'])
  expect(shown(['models', 5])).toBeUndefined()
  expect(shown(['models', 0, 'nope', 'more'], 'nearest')).toEqual([2, 'name: a'])
  expect(shown(['nope'], 'nearest')).toEqual([1, 'models:'])
})

it('knows brackets and quotes that are indented less than they should be', () => {
  expect(shown(['models', 1, 'config', 'tags', 0])).toEqual([10, 'x'])
  expect(shown(['models', 2, 'name'])).toEqual([13, "'d'"])
  expect(shown(['models', 2, 'text'])).toEqual([14, '"one\ntwo"'])
})

it('looks through anchors and merged mappings', () => {
  expect(shown(['models', 2, 'config', 'tags', 0])).toEqual([10, 'x'])
})

it('points at the last of several keys of one name, whose value stands', () => {
  expect(shown(['name'])).toEqual([17, 'twice'])
})

it('finds characters of a value in the file', () => {
  const value = "First line.\n  {{ doc('x') }}\n"
  const start = value.indexOf('doc')
  const span = positions.within(['models', 0, 'description'], start, start + 3)!
  expect([span.line, span.column, TEXT.slice(span.start, span.end)]).toEqual([5, 12, 'doc'])
  const quoted = positions.within(['models', 1, 'name'], 2, 3)!
  expect(TEXT.slice(quoted.start, quoted.end)).toBe('c')
  // Folded text has no single place: the value as a whole is meant.
  expect(positions.within(['models', 2, 'text'], 4, 7)?.line).toBe(14)
})

it('finds nothing in an empty file', () => {
  expect(yamlPositions('', 'x.yml').at(['a'])).toBeUndefined()
  expect(yamlPositions('# x\n', 'x.yml').nearest(['a']).line).toBe(1)
})
