import { diagnostic, fail, PlumbError } from '../../core/diagnostic.js'
import {
  bindArguments,
  type HostFunction,
  type HostObject,
  py,
  RenderThread,
  toStr,
  type Value,
} from '../../jinja/index.js'
import { isTemplate } from '../../project/render/render-yaml.js'
import type { Member, NodeScope } from '../node-scope.js'
import { describeSubject } from '../subject.js'

/** `render(text)`: the text as a template in this very scope. */
export const render: Member =
  (scope): HostFunction =>
  (args, kwargs) => {
    const text = toStr(bindArguments('render', ['string'], args, kwargs)[0])
    if (!isTemplate(text)) return text
    const thread = new RenderThread({ undefinedMode: 'strict', maxDepth: scope.thread.maxDepth })
    thread.stack.push(...scope.macroStack)
    return scope.session.template(text, scope.subject.original_file_path).render(thread, scope)
  }

/** `try_or_compiler_error(message, function, ...)`: the function's answer, or an error with that message. */
export const tryOrCompilerError: Member =
  (scope): HostFunction =>
  async (args, kwargs) => {
    const [message, run, ...rest] = args
    try {
      if (typeof run !== 'function') fail('compilation', 'not-callable', 'try_or_compiler_error takes a function')
      return await run(rest, kwargs)
    } catch (error) {
      if (!(error instanceof PlumbError)) throw error
      const about = { nodeId: scope.subject.unique_id, subject: describeSubject(scope.subject) }
      throw new PlumbError(diagnostic('compilation', 'raised', toStr(message), about), error)
    }
  }

/** `context_macro_stack`: macros under way, by id, outermost first. */
export const macroStack: Member = (scope) => new MacroStackObject(scope)

class MacroStackObject implements HostObject {
  readonly [py.typeName] = 'MacroStack'

  constructor(private readonly scope: NodeScope) {}

  [py.getattr](name: string): Value {
    if (name === 'depth') return this.scope.macroStack.length
    return name === 'call_stack'
      ? this.scope.macroStack.map((frame) => frame.name.replace(/^macro /, 'macro.'))
      : undefined
  }
}
