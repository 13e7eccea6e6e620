import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { PlumbError } from '../../../src/core/diagnostic.js'
import { type BlockKind, extractBlocks } from '../../../src/jinja/index.js'

interface BlockCase {
  readonly source: string
  readonly kinds: readonly BlockKind[]
  readonly raw?: boolean
  /** Kind, name, full text and contents of what dbt finds. */
  readonly blocks?: readonly (readonly [string, string, string, string])[]
  readonly warnings?: readonly string[]
  readonly error?: string
}

const CASES: BlockCase[] = JSON.parse(readFileSync(new URL('./blocks/cases.json', import.meta.url), 'utf8'))

function extract(one: BlockCase): Pick<BlockCase, 'blocks' | 'warnings' | 'error'> {
  const warnings: string[] = []
  try {
    const blocks = extractBlocks(one.source, {
      file: 'a.sql',
      kinds: new Set(one.kinds),
      collectRaw: one.raw,
      onUnexpected: (message) => warnings.push(message),
    })
    const found = blocks.map((b): [string, string, string, string] => {
      expect(one.source.slice(b.span.start, b.span.end), 'the span is the block').toBe(b.fullSource)
      expect(one.source.slice(b.bodySpan.start, b.bodySpan.end), 'the body span is the contents').toBe(b.contents)
      return [b.kind === 'raw' ? '__dbt__data' : b.kind, b.name, b.fullSource, b.contents]
    })
    return { blocks: found, warnings }
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    expect(error.first.at).toBeDefined()
    return { error: error.message }
  }
}

describe('blocks as dbt cuts them out', () => {
  test.each(CASES.map((one): [string, BlockCase] => [one.source, one]))('%s', (_, one) => {
    const { blocks, warnings, error } = one
    expect(extract(one)).toEqual(error === undefined ? { blocks, warnings } : { error })
  })
})

describe('headings', () => {
  const heading = (source: string) => {
    const [block] = extractBlocks(source, { file: 'a.sql', kinds: new Set(['macro', 'test', 'materialization']) })
    return block!
  }

  test('a test is registered as test_<name>', () => {
    const block = heading('{% test not_null(model, column_name: str = none) %}x{% endtest %}')
    expect(block.macroName).toBe('test_not_null')
    expect(block.params.map((p) => [p.name, p.type?.name])).toEqual([
      ['model', undefined],
      ['column_name', 'str'],
    ])
  })

  test('a materialization says its adapter and languages', () => {
    const block = heading(
      "{% materialization incremental, adapter='duckdb', supported_languages=['sql', 'python'] %}x{% endmaterialization %}",
    )
    expect(block.macroName).toBe('materialization_incremental_duckdb')
    expect(block.adapter).toBe('duckdb')
    expect(block.supportedLanguages).toEqual(['sql', 'python'])
  })

  test('without an adapter a materialization is the default one, for sql', () => {
    const block = heading('{% materialization view, default %}x{% endmaterialization %}')
    expect(block.macroName).toBe('materialization_view_default')
    expect(block.supportedLanguages).toEqual(['sql'])
  })

  test('a syntax error in the heading is placed in the file', () => {
    const block = heading('\n\n  {% macro m(a b) %}{% endmacro %}')
    expect(() => block.params).toThrowError("expected token ',', got 'b'")
    expect(catchError(() => block.params).first.at).toMatchObject({ line: 3, column: 16 })
  })
})

function catchError(run: () => unknown): PlumbError {
  try {
    run()
  } catch (error) {
    if (error instanceof PlumbError) return error
  }
  throw new Error('nothing was thrown')
}
