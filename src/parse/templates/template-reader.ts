import { Capture, createParseScope, type ScopeSubject, type TemplateSession } from '../../context/index.js'
import { PlumbError } from '../../core/diagnostic.js'
import { compileTemplate, parseTemplate, type SourceOrigin } from '../../jinja/index.js'
import type { JsonObject, ParsedNode } from '../../manifest/index.js'
import { AT_START } from '../source-files.js'
import { type Captured, NOTHING_CAPTURED } from './captured.js'
import { type MacroAsts, MacroEffects } from './macro-effects.js'
import { noteEnvVars } from './note-env-vars.js'
import { readTemplate } from './read-template.js'

/** dbt renders only text that has one of these. */
const HAS_TAG = /\{[{%#]|[#}%]\}/

/**
 * Finds what the templates of nodes use: by reading them where that is certain, by rendering them with
 * `execute = False` otherwise.
 */
export class TemplateReader {
  readonly #effects = new Map<string, MacroEffects>()
  readonly #hooks = new Map<string, Captured>()

  constructor(
    readonly session: TemplateSession,
    readonly asts: MacroAsts,
  ) {}

  /**
   * Reads the code of a node. A promise only when it had to be rendered.
   * @throws PlumbError with the place in the user's file.
   */
  read(source: string, node: ParsedNode, origin: SourceOrigin = AT_START): Captured | Promise<Captured> {
    if (!HAS_TAG.test(source)) return NOTHING_CAPTURED
    const file = node.original_file_path
    const ast = parseTemplate(source, { file, origin })
    return readTemplate(ast, this.effectsIn(node.package_name)) ?? this.#render(ast, file, node)
  }

  /** As {@link read}, for a hook: many nodes have the same ones. */
  readHook(source: string, node: ParsedNode): Captured | Promise<Captured> {
    const key = `${node.package_name}\u0000${source}`
    const known = this.#hooks.get(key)
    if (known !== undefined) return known
    if (!HAS_TAG.test(source)) return NOTHING_CAPTURED
    const file = node.original_file_path
    const ast = parseTemplate(source, { file })
    const captured = readTemplate(ast, this.effectsIn(node.package_name))
    if (captured === undefined) return this.#render(ast, file, node, source)
    this.#hooks.set(key, captured)
    return captured
  }

  /** What is known of macros as templates of this package see them. */
  effectsIn(packageName: string): MacroEffects {
    let effects = this.#effects.get(packageName)
    if (effects === undefined) {
      const plain = !holdsTemplate(this.session.vars(packageName))
      effects = new MacroEffects(this.session.macros, packageName, plain, this.asts)
      this.#effects.set(packageName, effects)
    }
    return effects
  }

  async #render(
    ast: ReturnType<typeof parseTemplate>,
    file: string,
    node: ParsedNode,
    sourceText?: string,
  ): Promise<Captured> {
    const capture = new Capture()
    const scope = createParseScope(this.session, node as ScopeSubject, capture)
    try {
      await compileTemplate(ast, { file }).render(scope.thread, scope)
    } catch (error) {
      throw sourceText !== undefined && error instanceof PlumbError ? error.with({ sourceText }) : error
    } finally {
      noteEnvVars(this.session.project, capture)
    }
    return capture
  }
}

function holdsTemplate(value: JsonObject[string]): boolean {
  if (typeof value === 'string') return HAS_TAG.test(value)
  if (Array.isArray(value)) return value.some(holdsTemplate)
  return value !== null && typeof value === 'object' && Object.values(value).some(holdsTemplate)
}
