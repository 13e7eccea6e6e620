import { callValue, nativeValue, RenderThread, type Value } from '../jinja/index.js'
import type { GenericTestNode } from '../manifest/index.js'
import { isTemplate, plainText } from '../project/render/render-yaml.js'
import type { NodeScope } from './node-scope.js'

/** The name a generic test's template takes its arguments from. */
export const TEST_ARGUMENTS = '_dbt_generic_test_kwargs'

/** An argument written as a bare call, which dbt takes for Jinja. */
const BARE_CALL = /^\s*(?:env_var|ref|var|source|doc)\s*\(.+\)\s*$/

/** What is tested, as tests of models and of sources say it: nearly every test has one of its own. */
const TESTED = /^\{\{ get_where_subquery\((ref|source)\('([^'\\{}]*)'(?:, ?'([^'\\{}]*)')?\)\) \}\}$/

/**
 * The arguments of a generic test as values: each text is rendered natively in the test's own scope (`model` becomes a
 * relation, `"{{ var('n') }}"` the var's value), but the column's name stays text.
 */
export async function genericTestArguments(scope: NodeScope, test: GenericTestNode): Promise<Value> {
  const rendered: Record<string, Value> = {}
  for (const [name, value] of Object.entries(test.test_metadata.kwargs)) {
    const argument = name === 'column_name' ? (value as Value) : renderArgument(scope, test, value as Value)
    rendered[name] = argument instanceof Promise ? await argument : argument
  }
  return rendered
}

/** Most arguments are there at once; one whose template asks the warehouse is not. */
function renderArgument(scope: NodeScope, test: GenericTestNode, value: Value): Value | Promise<Value> {
  if (typeof value === 'object' && value !== null) return renderItems(scope, test, value)
  if (typeof value !== 'string') return value
  const text = BARE_CALL.test(value) ? `{{ ${value} }}` : value
  if (!isTemplate(text)) return plainText(text)
  const render = (): Value | Promise<Value> => {
    const template = scope.session.template(text, test.original_file_path)
    return template.renderNativeNow(new RenderThread({ undefinedMode: scope.thread.undefinedMode }), scope)
  }
  const tested = TESTED.exec(text)
  const relation = tested === null ? undefined : testedRelation(scope, tested)
  if (relation === undefined) return render()
  return relation instanceof Promise ? relation.catch(render) : relation
}

/** What the call gives, without a template to read; undefined when it fails: the template can tell where. */
function testedRelation(scope: NodeScope, [, name, first, second]: RegExpExecArray): Value | Promise<Value> {
  try {
    const relation = callValue(scope.get(name!), second === undefined ? [first] : [first, second], {})
    if (relation instanceof Promise) return undefined
    const part = callValue(scope.get('get_where_subquery'), [relation], {})
    return part instanceof Promise ? part.then((value) => nativeValue([value])) : nativeValue([part])
  } catch {
    return undefined
  }
}

async function renderItems(scope: NodeScope, test: GenericTestNode, value: Value & object): Promise<Value> {
  if (Array.isArray(value)) {
    const items: Value[] = []
    for (const item of value as readonly Value[]) items.push(await renderArgument(scope, test, item))
    return items
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  const items: Record<string, Value> = {}
  for (const [key, item] of Object.entries(value as Record<string, Value>)) {
    items[key] = await renderArgument(scope, test, item)
  }
  return items
}
