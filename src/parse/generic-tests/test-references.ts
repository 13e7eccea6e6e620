import { Capture, createParseScope } from '../../context/index.js'
import { compileTemplate, parseTemplate, type Value } from '../../jinja/index.js'
import type { GenericTestNode, MacroNode, UniqueId } from '../../manifest/index.js'
import { addConfigCall, type Settings } from '../config/merge.js'
import { isDict } from '../shape/shape.js'
import type { ParseState } from '../state.js'
import type { Captured } from '../templates/captured.js'
import { noteEnvVars } from '../templates/note-env-vars.js'
import { readTemplate } from '../templates/read-template.js'
import { TestMacros } from './test-macros.js'
import type { TestArguments } from './test-names.js'

/** Arguments that are calls without braces: `to: ref('orders')`. */
const BARE_CALL = /^\s*(env_var|ref|var|source|doc)\s*\(.+\)\s*$/
const HAS_TAG = /\{[{%#]|[#}%]\}/
const KWARGS = '_dbt_generic_test_kwargs'

/**
 * Finds what a generic test references: the calls in its arguments, and those of its macro. Tests are many and mostly
 * alike: what does not have to be rendered is read, and arguments are read once.
 */
export class TestReferences {
  readonly #arguments = new Map<string, Captured | null>()
  readonly #macros = new Map<UniqueId, TestMacros>()

  constructor(readonly state: ParseState) {}

  /** What a test uses; settings its macro makes are joined into `config`. */
  async find(
    node: GenericTestNode,
    kwargs: TestArguments,
    macro: MacroNode,
    config: Settings,
  ): Promise<Pick<Captured, 'refs' | 'sources' | 'macros'>> {
    const seen = this.#macrosOf(node.depends_on.macros[0]!)
    // A test that is hidden by another one of its name, in the package that uses it, is not looked into, as in dbt.
    const hidden = !seen.has(macro.unique_id)
    const code = hidden ? settingsPart(node.raw_code) : node.raw_code
    if (!hidden && !this.#isPure(macro, node)) return this.#render(node, code, seen, kwargs, config)
    const found = { refs: [], sources: [], macros: [] } as Pick<Captured, 'refs' | 'sources'> & { macros: string[] }
    const refs = found.refs as Captured['refs'][number][]
    const sources = found.sources as Captured['sources'][number][]
    for (const text of templatesIn(kwargs)) {
      const captured = this.#readArgument(text, node)
      if (captured === null || [...captured.macros].some((id) => !seen.has(id))) {
        return this.#render(node, code, seen, kwargs, config)
      }
      refs.push(...captured.refs)
      sources.push(...captured.sources)
      found.macros.push(...captured.macros)
    }
    if (!hidden) found.macros.push(macro.unique_id)
    // The code of a test ends with a call of its settings, which joins them once more.
    const again = settingsInCode(node.raw_code, config)
    if (again !== undefined) addConfigCall(config, again)
    return found
  }

  #macrosOf(test: UniqueId): TestMacros {
    let macros = this.#macros.get(test)
    if (macros === undefined) this.#macros.set(test, (macros = new TestMacros(this.state.macros, test)))
    return macros
  }

  /** A test of a package calls that package's macros; a built-in one those of the project that uses it. */
  #isPure(macro: MacroNode, node: GenericTestNode): boolean {
    const isBuiltin = this.state.macros.options.builtinPackages.includes(macro.package_name)
    return this.state.templates.effectsIn(isBuiltin ? node.package_name : macro.package_name).isPure(macro)
  }

  #readArgument(text: string, node: GenericTestNode): Captured | null {
    const key = `${node.package_name}\u0000${text}`
    let captured = this.#arguments.get(key)
    if (captured === undefined) {
      const ast = parseTemplate(text, { file: node.original_file_path })
      captured = readTemplate(ast, this.state.templates.effectsIn(node.package_name)) ?? null
      this.#arguments.set(key, captured)
    }
    return captured
  }

  async #render(
    node: GenericTestNode,
    code: string,
    seen: TestMacros,
    kwargs: TestArguments,
    config: Settings,
  ): Promise<Captured> {
    const capture = new Capture()
    const scope = createParseScope(this.state.session, node, capture)
    const file = node.original_file_path
    const withArguments = new Map<string, Value>()
    const restricted = seen.restrict(scope, withArguments)
    const render = async (text: string): Promise<Value> =>
      compileTemplate(text, { file }).renderNative(scope.thread, restricted)
    withArguments.set(KWARGS, await renderArguments(kwargs, render, true))
    await compileTemplate(code, { file }).render(scope.thread, restricted)
    noteEnvVars(this.state.project, capture)
    for (const call of capture.configCalls) addConfigCall(config, call)
    return capture
  }
}

/** The texts of arguments that hold templates, in their order; column names are none. */
function* templatesIn(kwargs: TestArguments): Generator<string> {
  for (const key in kwargs) if (key !== 'column_name') yield* templatesInValue(kwargs[key])
}

function* templatesInValue(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    if (BARE_CALL.test(value)) yield `{{ ${value} }}`
    else if (HAS_TAG.test(value)) yield value
  } else if (Array.isArray(value)) for (const item of value) yield* templatesInValue(item)
  else if (isDict(value)) for (const key in value) yield* templatesInValue(value[key])
}

async function renderArguments(
  value: unknown,
  render: (text: string) => Promise<Value>,
  isTop = false,
): Promise<Value> {
  if (typeof value === 'string') {
    if (BARE_CALL.test(value)) return render(`{{ ${value} }}`)
    return HAS_TAG.test(value) ? render(value) : value
  }
  if (Array.isArray(value)) {
    const items: Value[] = []
    for (const item of value) items.push(await renderArguments(item, render))
    return items
  }
  if (!isDict(value)) return value as Value
  const out: { [key: string]: Value } = {}
  for (const key in value) {
    out[key] = isTop && key === 'column_name' ? (value[key] as Value) : await renderArguments(value[key], render)
  }
  return out
}

/** What follows the call of the macro in a test's code. */
function settingsPart(code: string): string {
  return code.slice(code.indexOf('}}') + 2)
}

/** The settings a test's code repeats, as Jinja reads them there: a backslash may begin an escape. */
function settingsInCode(code: string, config: Settings): Settings | undefined {
  if (Object.keys(config).length === 0) return undefined
  if (!Object.values(config).some((value) => typeof value === 'string' && value.includes('\\'))) return { ...config }
  const facts = {
    isHarmless: () => true,
    isMacro: () => false,
    pureMacro: () => undefined,
    pureDispatch: () => undefined,
  }
  return readTemplate(parseTemplate(settingsPart(code), { file: '' }), facts)?.configCalls[0] ?? { ...config }
}
