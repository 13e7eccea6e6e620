import { Capture, createParseScope } from '../../context/index.js'
import { compileTemplate, parseTemplate, type Scope, type Value } from '../../jinja/index.js'
import type { GenericTestNode, MacroNode, UniqueId } from '../../manifest/index.js'
import { addConfigCall, type Settings } from '../config/merge.js'
import { isDict } from '../shape/shape.js'
import type { ParseState } from '../state.js'
import type { Captured } from '../templates/captured.js'
import { noteEnvVars } from '../templates/note-env-vars.js'
import { readTemplate } from '../templates/read-template.js'
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

  constructor(readonly state: ParseState) {}

  /** What a test uses; settings its macro makes are joined into `config`. */
  async find(
    node: GenericTestNode,
    kwargs: TestArguments,
    macro: MacroNode,
    config: Settings,
  ): Promise<Pick<Captured, 'refs' | 'sources' | 'macros'>> {
    if (!this.#isPure(macro, node)) return this.#render(node, kwargs, config)
    const found = { refs: [], sources: [], macros: [] } as Pick<Captured, 'refs' | 'sources'> & { macros: string[] }
    const refs = found.refs as Captured['refs'][number][]
    const sources = found.sources as Captured['sources'][number][]
    for (const text of templatesIn(kwargs)) {
      const captured = this.#readArgument(text, node)
      if (captured === null) return this.#render(node, kwargs, config)
      refs.push(...captured.refs)
      sources.push(...captured.sources)
      found.macros.push(...captured.macros)
    }
    found.macros.push(macro.unique_id)
    // The code of a test ends with a call of its settings, which joins them once more.
    const again = settingsInCode(node.raw_code, config)
    if (again !== undefined) addConfigCall(config, again)
    return found
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

  /** The macros a test comes to, by their calls: while it is parsed it sees them under their own names. */
  #reachedFrom(ids: readonly UniqueId[]): MacroNode[] {
    const found = new Set<UniqueId>()
    const visit = (id: UniqueId): void => {
      if (found.has(id)) return
      found.add(id)
      this.state.macros.get(id)?.depends_on.macros.forEach(visit)
    }
    ids.forEach(visit)
    return [...found].map((id) => this.state.macros.get(id)).filter((macro) => macro !== undefined)
  }

  async #render(node: GenericTestNode, kwargs: TestArguments, config: Settings): Promise<Captured> {
    const capture = new Capture()
    const reached = new Map<string, Value>()
    const scope = createParseScope(this.state.session, node, capture, reached)
    for (const macro of this.#reachedFrom(node.depends_on.macros)) reached.set(macro.name, scope.bind(macro))
    const file = node.original_file_path
    const render = async (text: string): Promise<Value> =>
      compileTemplate(text, { file }).renderNative(scope.thread, scope)
    const rendered = await renderArguments(kwargs, render, true)
    const withKwargs: Scope = {
      get: (name) => (name === KWARGS ? rendered : scope.get(name)),
      names: () => scope.names(),
    }
    await compileTemplate(node.raw_code, { file }).render(scope.thread, withKwargs)
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
  const call = code.slice(code.indexOf('}}') + 2)
  return readTemplate(parseTemplate(call, { file: '' }), facts)?.configCalls[0] ?? { ...config }
}
