import { type Diagnostic, PlumbError } from '../../core/diagnostic.js'
import { compileTemplate, isUndefined, RenderThread, type Scope, type Template } from '../../jinja/index.js'
import { keyText, type YamlMapping, type YamlValue } from '../yaml/construct.js'
import { isYamlMapping } from '../yaml/plain-json.js'
import type { YamlPath, YamlPositions } from '../yaml/positions.js'
import type { YamlScalar } from '../yaml/scalars.js'
import { isYamlDate } from '../yaml/yaml-date.js'

/** What begins a Jinja tag. Text without one is not a template. */
const OPENS_TAG = /\{[{%#]/

/** Does this text need rendering at all? */
export function isTemplate(text: string): boolean {
  return OPENS_TAG.test(text)
}

export interface RenderYamlOptions {
  readonly scope: Scope
  /** Name of the file, for messages. */
  readonly file: string
  /** Values under these paths stay as written (dates too). */
  readonly skip?: (path: YamlPath) => boolean
  /** Last change to a leaf, rendered or skipped: dbt's post-processing, secrets. */
  readonly finish?: (value: YamlValue, path: YamlPath) => YamlValue
  /** What to do with a leaf that cannot be rendered; by default it is an error. */
  readonly recover?: (raw: string, path: YamlPath) => YamlValue | undefined
  /** Asked only when something is wrong: where the values of this file stand. */
  readonly positions?: () => YamlPositions
  /** Prefix of paths inside the file, when `value` is only a part of it (`['models', 3]`). */
  readonly base?: YamlPath
}

type Holder = YamlValue[] | YamlMapping | Map<unknown, YamlValue>

interface Pending {
  readonly holder: Holder
  readonly key: YamlScalar
  readonly raw: string
  /** Inside of the rendered value. */
  readonly path: YamlPath
}

/**
 * Renders every text of a YAML value as dbt does: Jinja's native types (`"{{ target.threads }}"` is an integer; what Jinja
 * folds to a constant, like `"{{ 1 + 1 }}"`, is text), dates become ISO text, a text loses its last newline. Returns a copy at once when no text holds a template, else a promise of it.
 * @throws PlumbError with all the faults of the value, each with its place.
 */
export function renderYaml<T extends YamlValue>(value: T, options: RenderYamlOptions): T | Promise<T> {
  const pending: Pending[] = []
  const top: YamlValue[] = []
  top.push(copy(value, [], options, pending, top, 0))
  if (pending.length === 0) return top[0] as T
  return renderPending(pending, options).then(() => top[0] as T)
}

/** `path` is one array for the whole walk: what keeps it must copy it. */
function copy(
  value: YamlValue,
  path: (string | number)[],
  options: RenderYamlOptions,
  pending: Pending[],
  holder: Holder,
  key: YamlScalar,
): YamlValue {
  if (Array.isArray(value)) {
    const items: YamlValue[] = []
    for (let i = 0; i < value.length; i++) {
      path.push(i)
      items.push(copy(value[i]!, path, options, pending, items, i))
      path.pop()
    }
    return items
  }
  if (isYamlMapping(value)) {
    const out: YamlMapping = {}
    for (const name of Object.keys(value)) {
      path.push(name)
      out[name] = copy(value[name]!, path, options, pending, out, name)
      path.pop()
    }
    return out
  }
  if (value instanceof Map) {
    const out = new Map<YamlScalar, YamlValue>()
    for (const [name, item] of value) {
      path.push(keyText(name))
      out.set(name, copy(item, path, options, pending, out, name))
      path.pop()
    }
    return out
  }
  if (options.skip?.(path) === true) return finish(value, path, options)
  if (typeof value !== 'string') return finish(isYamlDate(value) ? value.toJSON() : value, path, options)
  if (!isTemplate(value)) return finish(plainText(value), path, options)
  pending.push({ holder, key, raw: value, path: [...path] })
  return value
}

function store(holder: Holder, key: YamlScalar, value: YamlValue): void {
  if (holder instanceof Map) holder.set(key, value)
  else (holder as YamlMapping)[key as string] = value
}

function finish(value: YamlValue, path: YamlPath, options: RenderYamlOptions): YamlValue {
  return options.finish === undefined ? value : options.finish(value, path)
}

/** What Jinja makes of a text without tags: one newline at the end goes, line ends are `\n`. */
export function plainText(text: string): string {
  const last = text.charCodeAt(text.length - 1)
  if (last !== 10 && last !== 13 && !text.includes('\r')) return text
  return text.replace(/\r\n?/g, '\n').replace(/\n$/, '')
}

async function renderPending(pending: readonly Pending[], options: RenderYamlOptions): Promise<void> {
  const faults: Diagnostic[] = []
  for (const { holder, key, raw, path } of pending) {
    try {
      const rendered = await renderText(raw, options.scope, options.file)
      store(holder, key, finish(rendered, path, options))
    } catch (error) {
      const recovered = options.recover?.(raw, path)
      if (recovered !== undefined) store(holder, key, recovered)
      else faults.push(...locate(error, raw, [...(options.base ?? []), ...path], options))
    }
  }
  if (faults.length > 0) throw new PlumbError(faults)
}

/** Renders one text natively; a text without tags is returned as Jinja would print it. */
export async function renderText(raw: string, scope: Scope, file: string): Promise<YamlValue> {
  if (!isTemplate(raw)) return plainText(raw)
  const template: Template = compileTemplate(raw, { file })
  const thread = new RenderThread({ undefinedMode: 'strict' })
  const value = await template.renderNative(thread, scope)
  // dbt keeps the undefined object, which prints as nothing and is false.
  return isUndefined(value) ? '' : (value as YamlValue)
}

/** The diagnostics of a failed text, with dbt's words in front and the place of the text in its file. */
function locate(error: unknown, raw: string, path: YamlPath, options: RenderYamlOptions): Diagnostic[] {
  if (!(error instanceof PlumbError)) throw error
  const positions = options.positions?.()
  return error.diagnostics.map((fault) => {
    const message = fault.kind === 'compilation' ? `Could not render ${raw}: ${fault.message}` : fault.message
    const { at: inner, sourceText: _sourceText, ...rest } = fault
    const at = positions === undefined ? inner : placeOf(positions, path, raw, inner)
    return { ...rest, message, ...(at === undefined ? {} : { at }) }
  })
}

function placeOf(positions: YamlPositions, path: YamlPath, raw: string, inner: Diagnostic['at']): Diagnostic['at'] {
  if (inner === undefined || inner.end > raw.length) return positions.nearest(path)
  return positions.within(path, inner.start, inner.end) ?? positions.nearest(path)
}
