import { describe, expect, test } from 'vitest'
import {
  bindMacro,
  compileMacro,
  compileTemplate,
  type HostObject,
  parseTemplate,
  py,
  RETURN_FUNCTION,
  RenderThread,
  type Scope,
  throwReturn,
  type Value,
} from '../../../src/jinja/index.js'
import { scopeOf, strictThread } from './render-case.js'

async function render(template: string, names: Record<string, Value> = {}): Promise<string> {
  return compileTemplate(template, { file: 'a.sql' }).render(strictThread(), scopeOf(names))
}

const later = (value: Value): Promise<Value> => new Promise((resolve) => setTimeout(resolve, 1, value))

describe('waiting', () => {
  test('nothing is a promise until a function gives one', () => {
    const template = compileTemplate('{{ f(1) }}{% for x in [1] %}{{ x }}{% endfor %}', { file: 'a.sql' })
    expect(template.renderNow(strictThread(), scopeOf({ f: ([x]) => x }))).toBe('11')
  })

  test('functions may wait anywhere', async () => {
    const f = ([x]: readonly Value[]): Promise<Value> => later(x)
    const template =
      '{% if f(true) and f(1) == 1 %}{{ f("a") | upper }}{% endif %}{% for x in f([1, 2]) if f(x) > 1 %}{{ f(x) }}{% endfor %}' +
      '{% set y %}{{ f("in") }}{% endset %}{{ y }}{{ f({"k": f(3)})[f("k")] }}{{ [f(1), f(2)] }}{{ f("b") ~ f("c") }}'
    expect(await render(template, { f })).toBe('A2in3[1, 2]bc')
  })

  test('several threads render one template at once', async () => {
    const template = compileTemplate('{% set v = f(n) %}{% filter upper %}{{ f("x") }}{% endfilter %}{{ v }}{{ n }}', {
      file: 'a.sql',
    })
    const f = ([x]: readonly Value[]): Promise<Value> => later(x)
    const texts = Array.from({ length: 20 }, (_, n) => template.render(strictThread(), scopeOf({ f, n })))
    expect(await Promise.all(texts)).toEqual(Array.from({ length: 20 }, (_, n) => `X${n}${n}`))
  })
})

describe('values of the host', () => {
  test('JSON is read and written in place', async () => {
    const model = { config: { tags: ['a'] }, name: 'm' } as Record<string, Value>
    expect(await render("{{ model.config.tags }}{% do model.update({'x': 1}) %}{{ model.get('x') }}", { model })).toBe(
      "['a']1",
    )
    expect(model['x']).toBe(1)
  })

  test('undefined is Undefined', async () => {
    const names = { u: () => undefined, o: { a: undefined }, list: [undefined] }
    expect(await render('[{{ u() }}]{{ o.a is defined }}{{ list[0] is defined }}', names)).toBe('[]FalseFalse')
    expect(
      await render('{% set x = u() %}{{ x is defined }}{% for y in list %}{{ y is defined }}{% endfor %}', names),
    ).toBe('FalseFalse')
  })

  test('fractions are floats, whole numbers ints', async () => {
    expect(await render('{{ a }} {{ b }} {{ a is float }} {{ b is integer }}', { a: 0.5, b: 2 })).toBe(
      '0.5 2 True True',
    )
  })

  class Relation implements HostObject {
    readonly [py.typeName] = 'Relation'
    constructor(readonly name: string) {}
    [py.getattr](name: string): Value {
      if (name === 'identifier') return this.name
      return name === '_secret' ? 'secret' : undefined
    }
    [py.call](args: readonly Value[]): Value {
      return `${this.name}(${args.length})`
    }
    [py.str](): string {
      return `"${this.name}"`
    }
    [py.eq](other: Value): boolean {
      return other instanceof Relation && other.name === this.name
    }
    [py.hash](): string {
      return this.name
    }
  }

  test('objects say what they are through symbols', async () => {
    const names = { r: new Relation('a'), same: new Relation('a'), other: new Relation('b') }
    expect(await render("{{ r }} {{ r.identifier }} {{ r['identifier'] }} {{ r(1, 2) }}", names)).toBe('"a" a a a(2)')
    expect(await render('{{ r == same }} {{ r == other }} {{ r in [same] }} {{ {r: 1}[same] }}', names)).toBe(
      'True False True 1',
    )
    expect(await render('{{ r.nope is defined }} {{ r is callable }} {{ r is mapping }}', names)).toBe(
      'False True False',
    )
  })

  test('what begins with an underscore is out of reach', async () => {
    await expect(render('{{ r._secret ~ "" }}{{ r._secret() }}', { r: new Relation('a') })).rejects.toThrow(
      "access to attribute '_secret' of 'Relation' object is unsafe.",
    )
  })

  test("the template's variables come before the host's names, the host's before Jinja's", async () => {
    expect(await render('{{ range }}{% set x = 2 %}{{ x }}', { range: 'mine', x: 1 })).toBe('mine2')
  })
})

describe('macros', () => {
  function bound(source: string, names: Record<string, Value> = {}, thread = strictThread()): Scope {
    const scope = scopeOf()
    const all: Scope = { get: (name) => (name === 'm' ? m : (names[name] ?? scope.get(name))) }
    const m = bindMacro(compileMacro(source, { file: 'm.sql', name: 'm' }), all, thread)
    return all
  }

  async function call(source: string, template: string, names: Record<string, Value> = {}): Promise<string> {
    const thread = strictThread()
    return compileTemplate(template, { file: 'a.sql' }).render(thread, bound(source, names, thread))
  }

  test('a call block may give what is no text, as long as the macro ends with return', async () => {
    const give = '{% macro give() %}{% do caller() %}{{ return([1]) }}{% endmacro %}'
    const use = (end: string): string =>
      `${give}{% macro m() %}{% call give() %}x{% endcall %}${end}{% endmacro %}{{ m() }}`
    expect(await render(use('{{ return(2) }}'), { return: RETURN_FUNCTION })).toBe('2')
    await expect(render(use(''), { return: RETURN_FUNCTION })).rejects.toThrow('a call block has to give text')
    await expect(
      render(use('{% set y %}{% call give() %}{% endcall %}{% endset %}{{ return(2) }}'), { return: RETURN_FUNCTION }),
    ).rejects.toThrow('expected str instance, list found')
  })

  test('return gives a value of any type', async () => {
    expect(await call('{% macro m(x) %}lost{{ return([x]) }}lost{% endmacro %}', '{{ m(1)[0] + 1 }}')).toBe('2')
    expect(await call('{% macro m() %}{% do return(none) %}{% endmacro %}', '{{ m() is none }}')).toBe('True')
    expect(
      await call('{% macro m() %}{% for x in [1, 2] %}{{ return(x) }}{% endfor %}{% endmacro %}', '{{ m() }}'),
    ).toBe('1')
  })

  test('return works from a set block, a condition, an expression and a function of the host', async () => {
    expect(await call('{% macro m() %}{% set x %}{{ return(1) }}{% endset %}{% endmacro %}', '{{ m() }}')).toBe('1')
    expect(await call('{% macro m() %}{% if return(2) %}{% endif %}{% endmacro %}', '{{ m() }}')).toBe('2')
    expect(
      await call('{% macro m() %}{{ 1 + leave(3) }}{% endmacro %}', '{{ m() }}', { leave: ([x]) => throwReturn(x) }),
    ).toBe('3')
  })

  test('return in a caller body leaves the macro that was called', async () => {
    const source = '{% macro m() %}before{{ caller() }}after{% endmacro %}'
    expect(await call(source, '{% call m() %}{{ return("x") }}{% endcall %}!')).toBe('x!')
  })

  test('a function called return that is not ours is an ordinary function', async () => {
    expect(
      await call('{% macro m() %}{{ return(1) }}b{% endmacro %}', '{{ m() }}', { return: ([x]) => `<${String(x)}>` }),
    ).toBe('<1>b')
  })

  test('arguments, defaults and callers may wait', async () => {
    const f = ([x]: readonly Value[]): Promise<Value> => later(x)
    const source = '{% macro m(a, b=f(a)) %}{{ a }}{{ b }}{{ caller(b) }}{% endmacro %}'
    expect(await call(source, '{% call(x) m(f(1)) %}{{ f(x) }}{% endcall %}', { f })).toBe('111')
    expect(await call('{% macro m(a) %}{{ return(f(a)) }}{% endmacro %}', '{{ m(f(1)) + 1 }}', { f })).toBe('2')
  })

  test('a macro sees its own scope, not the caller variables', async () => {
    expect(await call('{% macro m() %}{{ x is defined }}{% endmacro %}', '{% set x = 1 %}{{ m() }}')).toBe('False')
  })

  test('messages name macros as dbt does', async () => {
    await expect(call('{% macro m(a) %}{% endmacro %}', '{{ m(1, 2) }}')).rejects.toThrow(
      "macro 'dbt_macro__m' takes not more than 1 argument(s)",
    )
    await expect(call('{% test t(a) %}{% endtest %}', '{{ m(b=1) }}')).rejects.toThrow(
      "macro 'dbt_macro__test_t' takes no keyword argument 'b'",
    )
  })

  test('tests and materializations are called like macros', async () => {
    expect(await call('{% test t(model) %}from {{ model }}{% endtest %}', "{{ m('x') }}")).toBe('from x')
    const source =
      "{% materialization v, adapter='duckdb' %}{{ supported_languages }}{{ return({'relations': []}) }}{% endmaterialization %}"
    expect(await call(source, '{{ m() }}')).toBe("{'relations': []}")
  })

  test('name and arguments can be read', async () => {
    expect(await call('{% macro m(a, b=1) %}{% endmacro %}', '{{ m.name }}{{ m.arguments }}{{ m is callable }}')).toBe(
      "m('a', 'b')True",
    )
  })

  test('one compiled macro serves several threads at once', async () => {
    const macro = compileMacro('{% macro m(x) %}{% for i in [1, 2] %}{{ f(x) }}{% endfor %}{% endmacro %}', {
      file: 'm.sql',
    })
    const f = ([x]: readonly Value[]): Promise<Value> => later(x)
    const runs = Array.from({ length: 10 }, (_, n) => {
      const thread = strictThread()
      return bindMacro(macro, scopeOf({ f }), thread)([n], {})
    })
    expect(await Promise.all(runs)).toEqual(Array.from({ length: 10 }, (_, n) => `${n}${n}`))
  })
})

describe('templates', () => {
  test('a parsed tree can be compiled again', async () => {
    const ast = parseTemplate('{{ 1 + 1 }}', { file: 'a.sql' })
    for (let i = 0; i < 2; i++)
      expect(await compileTemplate(ast, { file: 'a.sql' }).render(strictThread(), scopeOf())).toBe('2')
  })

  test('chaining undefined answers everything with itself', async () => {
    const thread = new RenderThread({ undefinedMode: 'chain' })
    const template = compileTemplate("{{ a.b('x').c[0](1) }}{% for x in a.b %}{% endfor %}{{ a.b is defined }}", {
      file: 'a.sql',
    })
    expect(await template.render(thread, scopeOf())).toBe('False')
  })

  test('native rendering gives values', async () => {
    const native = (template: string, names: Record<string, Value> = {}) =>
      compileTemplate(template, { file: 'a.yml' }).renderNative(strictThread(), scopeOf(names))
    expect(await native('{{ x }}', { x: [1] })).toEqual([1])
    expect(await native("{{ var('x') | as_bool }}", { var: () => 'True' })).toBe(true)
    expect(await native('{{ f() }}', { f: () => later(5) })).toBe(5)
    await expect(native("{{ 'maybe' | as_bool }}")).rejects.toThrow("Could not convert value 'maybe' into type 'bool'")
  })

  test('the return function binds its argument', () => {
    expect(() => RETURN_FUNCTION([1, 2], {})).toThrow(
      'return() takes from 0 to 1 positional arguments but 2 were given',
    )
  })
})
