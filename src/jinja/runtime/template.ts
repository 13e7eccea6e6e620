import type { SourceOrigin, TemplateAst } from '../ast.js'
import { type CompiledBody, compileBody } from '../compile/compile-template.js'
import { nativeValue } from '../native/native-value.js'
import { parseTemplate } from '../parser/parse-template.js'
import type { Value } from '../values/value.js'
import { Frame } from './frame.js'
import { runFrame } from './invoke.js'
import type { Scope } from './scope.js'
import type { RenderThread } from './thread.js'

export interface CompileOptions {
  /** Path for messages. */
  readonly file: string
  /** Where the source begins in the file. */
  readonly origin?: SourceOrigin | undefined
}

/** A parsed template, ready to be rendered any number of times, at once too. */
export interface Template {
  readonly ast: TemplateAst
  /** The text it renders to. Throws a PlumbError with place and macro call stack. */
  render(thread: RenderThread, scope: Scope): Promise<string>
  /** As {@link Template.render}, without a promise when no call in it gave one. */
  renderNow(thread: RenderThread, scope: Scope): string | Promise<string>
  /** dbt's native rendering for YAML: one expression alone keeps its value. */
  renderNative(thread: RenderThread, scope: Scope): Promise<Value>
  /** As {@link Template.renderNative}, without a promise when no call in it gave one. */
  renderNativeNow(thread: RenderThread, scope: Scope): Value | Promise<Value>
}

class LazyTemplate implements Template {
  #text: CompiledBody | undefined
  #native: CompiledBody | undefined

  constructor(readonly ast: TemplateAst) {}

  async render(thread: RenderThread, scope: Scope): Promise<string> {
    return this.renderNow(thread, scope)
  }

  renderNow(thread: RenderThread, scope: Scope): string | Promise<string> {
    this.#text ??= compileBody(this.ast, false)
    const { run, slotCount } = this.#text
    const frame = new Frame(this.ast, thread, scope, undefined, slotCount)
    return runFrame(frame, (f) => {
      const completion = run(f)
      return completion instanceof Promise ? completion.then(() => f.joined()) : f.joined()
    })
  }

  async renderNative(thread: RenderThread, scope: Scope): Promise<Value> {
    return this.renderNativeNow(thread, scope)
  }

  renderNativeNow(thread: RenderThread, scope: Scope): Value | Promise<Value> {
    this.#native ??= compileBody(this.ast, true)
    const { run, slotCount } = this.#native
    const frame = new Frame(this.ast, thread, scope, undefined, slotCount)
    frame.parts = []
    return runFrame(frame, (f) => {
      const completion = run(f)
      const finish = () => nativeValue(f.parts!)
      return completion instanceof Promise ? completion.then(finish) : finish()
    })
  }
}

/** Prepares a template. Syntax errors are thrown here; code is made on the first render. */
export function compileTemplate(source: string | TemplateAst, options: CompileOptions): Template {
  return new LazyTemplate(typeof source === 'string' ? parseTemplate(source, options) : source)
}
