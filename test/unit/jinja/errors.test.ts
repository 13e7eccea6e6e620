import { describe, expect, test } from 'vitest'
import { fail, PlumbError } from '../../../src/core/diagnostic.js'
import {
  bindMacro,
  compileMacro,
  compileTemplate,
  extractBlocks,
  parseTemplate,
  RenderThread,
  type Scope,
  type Value,
} from '../../../src/jinja/index.js'
import { scopeOf, strictThread } from './render-case.js'

async function failure(template: string, names: Record<string, Value> = {}): Promise<PlumbError> {
  return caught(async () => compileTemplate(template, { file: 'models/a.sql' }).render(strictThread(), scopeOf(names)))
}

async function caught(run: () => Promise<unknown>): Promise<PlumbError> {
  try {
    await run()
  } catch (error) {
    if (error instanceof PlumbError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('places', () => {
  test.each([
    ['select {{ nope() }}', 'nope()'],
    ['{{ 1 }}\n\n  {{ a.b.c }}', 'a.b'],
    ["{% set x = 'a' %}\n{{ x + 1 }}", 'x + 1'],
    ["{{ f(1, 'a' / 2) }}", "'a' / 2"],
    ['{% for x in 5 %}{% endfor %}', '5'],
    ["{{ 'a' | round }}", "'a' | round"],
    ['{% set a, b = [1] %}', 'a, b'],
    ["{{ [1, 'a'] | sort }}", "[1, 'a'] | sort"],
    ['{% if 1 < none %}{% endif %}', '1 < none'],
    ['{% if x is divisibleby(2) %}{% endif %}', 'x is divisibleby(2)'],
    ['{{ f(**5) }}', 'f(**5)'],
  ])('%s', async (template, marked) => {
    const { at } = (await failure(template, { f: () => '', x: 'a' })).first
    expect(template.slice(at!.start, at!.end)).toBe(marked)
    expect(at).toMatchObject({ file: 'models/a.sql' })
  })

  test('line and column count from one', async () => {
    const { at } = (await failure('a\nbc {{ nope() }}')).first
    expect(at).toMatchObject({ line: 2, column: 7 })
  })

  test('carriage returns do not shift columns', async () => {
    const { at } = (await failure('a\r\nbc {{ nope() }}')).first
    expect(at).toMatchObject({ line: 2, column: 7, start: 9 })
  })

  test('a piece of a file is placed in the file', async () => {
    const origin = { offset: 100, line: 11, column: 5 }
    const error = await caught(async () =>
      compileTemplate('{{ x }}{{ nope() }}\n{{ 1 }}', { file: 'b.sql', origin }).render(strictThread(), scopeOf()),
    )
    expect(error.first.at).toMatchObject({ line: 11, column: 15, start: 110 })
  })

  test('syntax errors too', () => {
    const error = syntaxErrorOf('select 1\nfrom {{ ref("a" }}')
    expect(error.first).toMatchObject({ code: 'jinja-syntax', kind: 'compilation', at: { line: 2, column: 17 } })
  })

  test('an unclosed string says so', () => {
    expect(syntaxErrorOf("{{ 'abc }}").first.hint).toBe('this string is not closed')
  })
})

function syntaxErrorOf(source: string): PlumbError {
  try {
    parseTemplate(source, { file: 'a.sql' })
  } catch (error) {
    if (error instanceof PlumbError) return error
  }
  throw new Error('it parsed')
}

describe('suggestions', () => {
  test('for names, out of the scope, the template and Jinja itself', async () => {
    expect((await failure('{{ custmer() }}', { customer: 1 })).first.hint).toBe("did you mean 'customer'?")
    expect((await failure('{% set total = 1 %}{{ totl.x }}')).first.hint).toBe("did you mean 'total'?")
    expect((await failure('{{ rnge(3) }}')).first.hint).toBe("did you mean 'range'?")
  })

  test('for keys of dicts, filters and tests', async () => {
    expect((await failure("{{ {'orders': 1}.order.x }}")).first.hint).toBe("did you mean 'orders'?")
    expect((await failure("{{ 'a' | uper }}")).first.hint).toBe("did you mean 'upper'?")
    expect((await failure('{{ 1 is definde }}')).first.hint).toBe("did you mean 'defined'?")
  })

  test('none when nothing is close', async () => {
    expect((await failure('{{ zzzzzzzz() }}')).first.hint).toBeUndefined()
  })
})

/** Macros of one file, bound to a scope that has them and `names`. */
function macros(source: string, thread: RenderThread, names: Record<string, Value> = {}): Scope {
  const all: Record<string, Value> = { ...names }
  const scope = scopeOf()
  const own: Scope = { get: (name) => all[name] ?? scope.get(name), names: () => Object.keys(all) }
  for (const block of extractBlocks(source, { file: 'macros/m.sql', kinds: new Set(['macro']) }))
    all[block.name] = bindMacro(compileMacro(block, { file: 'macros/m.sql', packageName: 'shop' }), own, thread)
  return own
}

describe('the macro call stack', () => {
  const source = [
    '{% macro outer(x) %}',
    '  {{ inner(x) }}',
    '{% endmacro %}',
    '',
    '  {% macro inner(x) %}',
    '    {{ x.missing.deep }}',
    '  {% endmacro %}',
  ].join('\n')

  async function stackOf(template: string, names: Record<string, Value> = {}): Promise<PlumbError> {
    const thread = strictThread()
    const scope = macros(source, thread, names)
    const error = await caught(async () => compileTemplate(template, { file: 'models/a.sql' }).render(thread, scope))
    expect(thread.stack).toEqual([])
    expect(thread.depth).toBe(0)
    return error
  }

  test('names each macro and where it was called, innermost last', async () => {
    const { at, callStack } = (await stackOf('select\n{{ outer({}) }}')).first
    expect(at).toMatchObject({ file: 'macros/m.sql', line: 6, column: 8 })
    expect(callStack?.map((f) => [f.name, f.at?.file, f.at?.line, f.at?.column])).toEqual([
      ['macro shop.outer', 'models/a.sql', 2, 4],
      ['macro shop.inner', 'macros/m.sql', 2, 6],
    ])
  })

  test('is the same when the error comes later', async () => {
    const x = { missing: undefined } as Record<string, Value>
    const slow = (): Promise<Value> => new Promise((resolve) => setImmediate(resolve, x))
    const { callStack } = (await stackOf('{{ outer(slow()) }}', { slow })).first
    expect(callStack?.map((f) => f.name)).toEqual(['macro shop.outer', 'macro shop.inner'])
  })

  test('a host error without a place gets one, and keeps its code', async () => {
    const refuse = (): Value => fail('database', 'no-table', 'no such table')
    const { code, kind, at, message } = (await failure('a {{ refuse() }}', { refuse })).first
    expect({ code, kind, message }).toEqual({ code: 'no-table', kind: 'database', message: 'no such table' })
    expect(at).toMatchObject({ line: 1, column: 6 })
  })

  test('a host error with a place keeps it', async () => {
    const elsewhere = { file: 'x.yml', start: 1, end: 2, line: 7, column: 3 }
    const refuse = (): Value => fail('parsing', 'bad', 'bad', { at: elsewhere })
    expect((await failure('a {{ refuse() }}', { refuse })).first.at).toEqual(elsewhere)
  })

  test('anything else a host throws is wrapped, with its cause', async () => {
    const cause = new Error('socket closed')
    const error = await failure('{{ f() }}', { f: () => Promise.reject(cause) })
    expect(error.first).toMatchObject({ code: 'jinja-host-error', message: 'socket closed', at: { line: 1 } })
    expect(error.cause).toBe(cause)
  })

  test('an abort passes through', async () => {
    const abort = new DOMException('stop', 'AbortError')
    const f = (): Value => {
      throw abort
    }
    const template = compileTemplate('{{ f() }}', { file: 'a.sql' })
    await expect(template.render(strictThread(), scopeOf({ f }))).rejects.toBe(abort)
  })

  test('endless recursion ends with an error at the call', async () => {
    const thread = new RenderThread({ undefinedMode: 'strict' })
    const scope = macros('{% macro again(n) %}{{ again(n + 1) }}{% endmacro %}', thread)
    const error = await caught(async () => compileTemplate('{{ again(0) }}', { file: 'a.sql' }).render(thread, scope))
    expect(error.message).toBe('maximum recursion depth exceeded')
    expect(error.first.at).toMatchObject({ file: 'macros/m.sql', column: 24 })
    expect(error.first.callStack).toHaveLength(199)
  })
})
