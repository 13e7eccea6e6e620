import type { Expression, MacroNode, Statement, TemplateAst } from '../ast.js'
import type { SourceText } from '../syntax/source-text.js'
import { compileSet, compileSetBlock } from './assignments.js'
import { compileCall } from './calls.js'
import { compileBlock, compileFilterBlock, compileIf, compileLoopControl, compileWith } from './control.js'
import { declareNames } from './declare.js'
import { compileFilter, compileTest } from './filters.js'
import { compileCondition, compileConst, compileDict, compileSequence, compileSlice } from './literals.js'
import { compileAttribute, compileItem, compileName } from './lookups.js'
import { compileFor } from './loops.js'
import { compileCallBlock, compileMacro, compileMacroBody, type RunMacro, shapeOfMacro } from './macros.js'
import { NameScope } from './name-scope.js'
import { compileBinary, compileCompare, compileLogical, compileUnary } from './operators.js'
import { compileDo, compileOutput, compileText } from './output.js'
import { type Compiler, type Completion, type Eval, type Exec, NORMAL } from './types.js'

type ByKind<Node extends { kind: string }, Result> = {
  readonly [K in Node['kind']]: (node: Extract<Node, { kind: K }>, c: Compiler) => Result
}

const EXPRESSIONS: ByKind<Expression, Eval> = {
  name: compileName,
  const: compileConst,
  list: compileSequence,
  tuple: compileSequence,
  concat: compileSequence,
  dict: compileDict,
  condition: compileCondition,
  filter: compileFilter,
  test: compileTest,
  call: compileCall,
  attribute: compileAttribute,
  item: compileItem,
  slice: compileSlice,
  binary: compileBinary,
  unary: compileUnary,
  logical: compileLogical,
  compare: compileCompare,
}

const STATEMENTS: ByKind<Statement, Exec> = {
  text: compileText,
  output: compileOutput,
  if: compileIf,
  for: compileFor,
  set: compileSet,
  'set-block': compileSetBlock,
  macro: compileMacro,
  'call-block': compileCallBlock,
  'filter-block': compileFilterBlock,
  with: compileWith,
  block: compileBlock,
  do: compileDo,
  break: compileLoopControl,
  continue: compileLoopControl,
}

class TemplateCompiler implements Compiler {
  constructor(
    readonly text: SourceText,
    readonly scope: NameScope,
    readonly native: boolean,
    readonly soft: boolean,
    readonly inMacro: boolean,
    readonly inLoop: boolean,
  ) {}

  expression(node: Expression): Eval {
    return EXPRESSIONS[node.kind](node as never, this)
  }

  body(statements: readonly Statement[]): Exec {
    const parts = statements.map((node) => STATEMENTS[node.kind](node as never, this))
    if (parts.length === 0) return () => NORMAL
    return parts.length === 1 ? parts[0]! : sequence(parts)
  }

  with(changes: Parameters<Compiler['with']>[0]): Compiler {
    return new TemplateCompiler(
      this.text,
      changes.scope ?? this.scope,
      changes.native ?? this.native,
      changes.soft ?? this.soft,
      changes.inMacro ?? this.inMacro,
      changes.inLoop ?? this.inLoop,
    )
  }
}

/** Statements one after another, until one ends the body. */
function sequence(parts: readonly Exec[]): Exec {
  const { length } = parts
  const goOn = async (frame: Parameters<Exec>[0], from: number, pending: Promise<Completion>): Promise<Completion> => {
    let completion = await pending
    for (let i = from + 1; completion === NORMAL && i < length; i++) {
      const ended = parts[i]!(frame)
      completion = typeof ended === 'number' ? ended : await ended
    }
    return completion
  }
  return (frame) => {
    for (let i = 0; i < length; i++) {
      const completion = parts[i]!(frame)
      if (completion === NORMAL) continue
      return typeof completion === 'number' ? completion : goOn(frame, i, completion)
    }
    return NORMAL
  }
}

export interface CompiledBody {
  readonly run: Exec
  readonly slotCount: number
}

/** Compiles a whole template; `native` keeps its outputs as values. */
export function compileBody(ast: TemplateAst, native: boolean): CompiledBody {
  const scope = NameScope.ofFunction(undefined)
  declareNames(ast.body, scope)
  const run = new TemplateCompiler(textOf(ast), scope, native, false, false, false).body(ast.body)
  return { run, slotCount: scope.owner.slotCount }
}

export interface CompiledDefinition {
  readonly run: RunMacro
  readonly params: readonly string[]
}

/** The text alone: compiled code must not keep the syntax tree alive. */
function textOf(ast: TemplateAst): SourceText {
  return { file: ast.file, source: ast.source, origin: ast.origin }
}

/** Compiles one macro of a template to be called from outside. */
export function compileDefinition(ast: TemplateAst, node: MacroNode): CompiledDefinition {
  const scope = NameScope.ofFunction(undefined)
  const text = textOf(ast)
  const run = compileMacroBody(shapeOfMacro(node), new TemplateCompiler(text, scope, false, false, false, false))
  return { run, params: node.params.map((p) => p.name) }
}
