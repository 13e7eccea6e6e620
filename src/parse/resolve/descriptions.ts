import { fail, PlumbError } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import {
  compileTemplate,
  parseTemplate,
  RenderThread,
  type Scope,
  type TemplateAst,
  toStr,
  type Value,
} from '../../jinja/index.js'
import type { DocNode, JsonObject, MacroNode, UniqueId } from '../../manifest/index.js'
import { SHARED } from '../node-fields.js'
import { attempt, blame, type ParseState } from '../state.js'

const HAS_TAG = /\{[{%#]|[#}%]\}/

/** Who a description belongs to: decides which package's docs come first, and is named in messages. */
interface Described {
  readonly name: string
  readonly package_name: string
  readonly resource_type: string
  readonly unique_id: UniqueId
  readonly original_file_path: string
}

/** Renders descriptions: `{{ doc('orders') }}`, vars. A text that many share is rendered once for each package. */
export class Descriptions {
  readonly #docs = new Map<string, Map<string, DocNode>>()
  readonly #rendered = new Map<string, string>()

  constructor(readonly state: ParseState) {
    for (const doc of Object.values(state.manifest.docs)) {
      const packages = this.#docs.get(doc.name)
      if (packages === undefined) this.#docs.set(doc.name, new Map([[doc.package_name, doc]]))
      else packages.set(doc.package_name, doc)
    }
  }

  /** All descriptions of the manifest. */
  async renderAll(): Promise<void> {
    const { manifest } = this.state
    for (const node of Object.values(manifest.nodes)) {
      await this.#each(node, async () => {
        await this.#withBlocks(node, node)
        for (const key in node.columns) await this.#withBlocks(node.columns[key]!, node)
      })
    }
    for (const source of Object.values(manifest.sources)) {
      await this.#each(source, async () => {
        await this.#withBlocks(source, source)
        source.source_description = await this.#text(source.source_description, source)
        for (const key in source.columns) await this.#withBlocks(source.columns[key]!, source)
      })
    }
    for (const macro of Object.values(manifest.macros)) await this.#each(macro, () => this.#macro(macro))
    for (const section of [manifest.exposures, manifest.metrics, manifest.saved_queries]) {
      for (const node of Object.values(section)) {
        await this.#each(node, async () => {
          if (node.description) node.description = await this.#text(node.description, node)
        })
      }
    }
    for (const model of Object.values(manifest.semantic_models)) {
      await this.#each(model, async () => {
        if (model.description) model.description = await this.#text(model.description, model)
        for (const element of [...model.dimensions, ...model.measures, ...model.entities]) {
          await this.#element(element, model)
        }
      })
    }
  }

  async #each(node: Described, work: () => Promise<void>): Promise<void> {
    await attempt(this.state, async () => {
      try {
        await work()
      } catch (error) {
        throw blame(error, node)
      }
    })
  }

  async #macro(macro: MacroNode): Promise<void> {
    macro.description = await this.#text(macro.description, macro)
    for (const argument of macro.arguments) argument.description = await this.#text(argument.description, macro)
  }

  async #element(element: JsonObject, owner: Described): Promise<void> {
    const { description } = element
    if (typeof description === 'string' && description !== '') {
      element['description'] = await this.#text(description, owner)
    }
  }

  /** Also notes which docs blocks the text shows. */
  async #withBlocks(target: { description: string; doc_blocks: string[] }, owner: Described): Promise<void> {
    const text = target.description
    if (!HAS_TAG.test(text)) {
      target.doc_blocks = SHARED.list
      return
    }
    const ast = parseTemplate(text, { file: owner.original_file_path })
    const ids: string[] = []
    for (const args of docCalls(ast)) {
      const doc = this.#find(args, owner.package_name)
      if (doc !== undefined) ids.push(doc.unique_id)
    }
    target.doc_blocks = ids.length === 0 ? SHARED.list : ids
    target.description = await this.#render(text, ast, owner)
  }

  async #text(text: string, owner: Described): Promise<string> {
    if (!HAS_TAG.test(text)) return text
    return this.#render(text, parseTemplate(text, { file: owner.original_file_path }), owner)
  }

  async #render(text: string, ast: TemplateAst, owner: Described): Promise<string> {
    const key = `${owner.package_name}\u0000${text}`
    let rendered = this.#rendered.get(key)
    if (rendered === undefined) {
      rendered = this.#joined(ast, owner)
      if (rendered === undefined) rendered = await this.#run(ast, owner)
      this.#rendered.set(key, rendered)
    }
    return rendered
  }

  /** The text when it holds nothing but literal `doc()` calls: no need to run it. */
  #joined(ast: TemplateAst, owner: Described): string | undefined {
    let out = ''
    for (const statement of ast.body) {
      if (statement.kind === 'text') out += statement.text
      else {
        const args = statement.kind === 'output' ? docArguments(statement.value) : undefined
        if (args === undefined) return undefined
        const doc = this.#find(args, owner.package_name)
        if (doc === undefined) return undefined
        out += doc.block_contents
      }
    }
    return out
  }

  async #run(ast: TemplateAst, owner: Described): Promise<string> {
    const names = this.state.yamlScope(this.state.project.root.name)
    const scope: Scope = {
      get: (name) => (name === 'doc' ? this.#docFunction(owner) : names.get(name)),
      names: () => ['doc', ...(names.names?.() ?? [])],
    }
    try {
      const thread = new RenderThread({ undefinedMode: 'strict' })
      return await compileTemplate(ast, { file: owner.original_file_path }).render(thread, scope)
    } catch (error) {
      throw error instanceof PlumbError ? error.with({ sourceText: ast.source }) : error
    }
  }

  #docFunction(owner: Described): Value {
    return (args) => {
      if (args.length !== 1 && args.length !== 2) {
        fail('compilation', 'doc-arguments', `doc() takes at most two arguments (${args.length} given)`)
      }
      const names = args.map(toStr)
      const doc = this.#find(names, owner.package_name)
      if (doc !== undefined) return doc.block_contents
      const inPackage = names.length === 2 ? `in package '${names[0]}' ` : ''
      fail(
        'compilation',
        'doc-not-found',
        `Documentation for '${owner.unique_id}' depends on doc '${names.at(-1)}' ${inPackage}which was not found`,
        { hint: didYouMean(names.at(-1)!, this.#docs.keys()) },
      )
    }
  }

  #find(args: readonly string[], fromPackage: string): DocNode | undefined {
    const packages = this.#docs.get(args.at(-1)!)
    if (packages === undefined) return undefined
    if (args.length === 2) return packages.get(args[0]!)
    const root = this.state.project.root.name
    const first =
      this.state.flags.behavior['require_ref_searches_node_package_before_root'] === true
        ? [fromPackage, root]
        : [root, fromPackage]
    for (const name of first) {
      const doc = packages.get(name)
      if (doc !== undefined) return doc
    }
    return packages.values().next().value
  }
}

type Output = Extract<TemplateAst['body'][number], { kind: 'output' }>

function docArguments(expression: Output['value']): string[] | undefined {
  if (expression.kind !== 'call' || expression.callee.kind !== 'name' || expression.callee.name !== 'doc') {
    return undefined
  }
  const { args, kwargs } = expression.call
  if (kwargs.length > 0 || args.length < 1 || args.length > 2) return undefined
  const texts = args.map((arg) => (arg.kind === 'const' && typeof arg.value === 'string' ? arg.value : undefined))
  return texts.includes(undefined) ? undefined : (texts as string[])
}

/** Arguments of the `{{ doc(...) }}` a text consists of. */
function* docCalls(ast: TemplateAst): Generator<string[]> {
  for (const statement of ast.body) {
    if (statement.kind !== 'output') continue
    const args = docArguments(statement.value)
    if (args !== undefined) yield args
  }
}
