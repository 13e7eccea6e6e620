import type { Value } from './values/value.js'

/** Every node knows the slice of the source it was read from. */
interface Place {
  readonly start: number
  readonly end: number
}

// ---- expressions

export interface NameNode extends Place {
  readonly kind: 'name'
  readonly name: string
}
export interface ConstNode extends Place {
  readonly kind: 'const'
  readonly value: Value
}
export interface SequenceNode extends Place {
  readonly kind: 'list' | 'tuple' | 'concat'
  readonly items: readonly Expression[]
}
export interface DictNode extends Place {
  readonly kind: 'dict'
  readonly items: readonly { readonly key: Expression; readonly value: Expression }[]
}
export interface ConditionNode extends Place {
  readonly kind: 'condition'
  readonly test: Expression
  readonly value: Expression
  readonly otherwise: Expression | undefined
}
export interface CallArguments {
  readonly args: readonly Expression[]
  readonly kwargs: readonly KeywordArgument[]
  /** `*rest` */
  readonly star: Expression | undefined
  /** `**rest` */
  readonly doubleStar: Expression | undefined
}
export interface KeywordArgument extends Place {
  readonly name: string
  readonly value: Expression
}
export interface FilterNode extends Place {
  readonly kind: 'filter'
  /** Undefined at the head of a filter block's chain, where the block's text comes in. */
  readonly target: Expression | undefined
  readonly name: string
  readonly call: CallArguments
}
export interface TestNode extends Place {
  readonly kind: 'test'
  readonly target: Expression
  readonly name: string
  readonly call: CallArguments
}
export interface CallNode extends Place {
  readonly kind: 'call'
  readonly callee: Expression
  readonly call: CallArguments
}
export interface AttributeNode extends Place {
  readonly kind: 'attribute'
  readonly target: Expression
  readonly name: string
}
export interface ItemNode extends Place {
  readonly kind: 'item'
  readonly target: Expression
  readonly key: Expression
}
export interface SliceNode extends Place {
  readonly kind: 'slice'
  readonly from: Expression | undefined
  readonly to: Expression | undefined
  readonly step: Expression | undefined
}
export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**'
export interface BinaryNode extends Place {
  readonly kind: 'binary'
  readonly operator: BinaryOperator
  readonly left: Expression
  readonly right: Expression
}
export interface UnaryNode extends Place {
  readonly kind: 'unary'
  readonly operator: '-' | '+' | 'not'
  readonly operand: Expression
}
export interface LogicalNode extends Place {
  readonly kind: 'logical'
  readonly operator: 'and' | 'or'
  readonly left: Expression
  readonly right: Expression
}
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in'
export interface CompareNode extends Place {
  readonly kind: 'compare'
  readonly left: Expression
  readonly operands: readonly { readonly operator: CompareOperator; readonly value: Expression }[]
}

export type Expression =
  | NameNode
  | ConstNode
  | SequenceNode
  | DictNode
  | ConditionNode
  | FilterNode
  | TestNode
  | CallNode
  | AttributeNode
  | ItemNode
  | SliceNode
  | BinaryNode
  | UnaryNode
  | LogicalNode
  | CompareNode

/** What `set` and `for` assign to. */
export type Target = NameNode | NamespaceTarget | TupleTarget
/** `{% set ns.attr = ... %}` */
export interface NamespaceTarget extends Place {
  readonly kind: 'namespace-target'
  readonly name: string
  readonly attribute: string
}
export interface TupleTarget extends Place {
  readonly kind: 'tuple-target'
  readonly items: readonly Target[]
}

// ---- statements

export interface TextNode extends Place {
  readonly kind: 'text'
  readonly text: string
}
export interface OutputNode extends Place {
  readonly kind: 'output'
  readonly value: Expression
}
export interface IfNode extends Place {
  readonly kind: 'if'
  readonly branches: readonly { readonly test: Expression; readonly body: readonly Statement[] }[]
  readonly otherwise: readonly Statement[]
}
export interface ForNode extends Place {
  readonly kind: 'for'
  readonly target: Target
  readonly iterable: Expression
  readonly test: Expression | undefined
  readonly recursive: boolean
  /** The body reads `loop`. */
  readonly usesLoop: boolean
  readonly body: readonly Statement[]
  readonly otherwise: readonly Statement[]
}
export interface SetNode extends Place {
  readonly kind: 'set'
  readonly target: Target
  readonly value: Expression
}
export interface SetBlockNode extends Place {
  readonly kind: 'set-block'
  readonly target: Target
  readonly filter: FilterNode | undefined
  readonly body: readonly Statement[]
}
export interface TypeAnnotation {
  readonly name: string
  readonly parameters: readonly TypeAnnotation[]
}
export interface MacroParam extends Place {
  readonly name: string
  readonly type: TypeAnnotation | undefined
  readonly default: Expression | undefined
}
/** Which of the names a macro has without declaring them its body reads. */
export interface ImplicitNames {
  readonly caller: boolean
  readonly kwargs: boolean
  readonly varargs: boolean
}
/** The tags that define something callable. */
export type MacroTag = 'macro' | 'test' | 'data_test' | 'materialization' | 'snapshot' | 'docs'
export interface MacroNode extends Place {
  readonly kind: 'macro'
  readonly tag: MacroTag
  /** As written: `not_null` in `{% test not_null(...) %}`. */
  readonly name: string
  /** What dbt registers it as: `test_not_null`, `materialization_table_default`. */
  readonly macroName: string
  readonly params: readonly MacroParam[]
  /** A materialization's `adapter='...'`, or `default`. */
  readonly adapter: string | undefined
  readonly body: readonly Statement[]
  readonly reads: ImplicitNames
  readonly bodyStart: number
  readonly bodyEnd: number
}
export interface CallBlockNode extends Place {
  readonly kind: 'call-block'
  readonly params: readonly MacroParam[]
  readonly call: CallNode
  readonly body: readonly Statement[]
  readonly reads: ImplicitNames
}
export interface FilterBlockNode extends Place {
  readonly kind: 'filter-block'
  readonly filter: FilterNode
  readonly body: readonly Statement[]
}
export interface WithNode extends Place {
  readonly kind: 'with'
  readonly bindings: readonly { readonly target: Target; readonly value: Expression }[]
  readonly body: readonly Statement[]
}
export interface BlockNode extends Place {
  readonly kind: 'block'
  readonly name: string
  readonly body: readonly Statement[]
}
export interface DoNode extends Place {
  readonly kind: 'do'
  readonly value: Expression
}
export interface LoopControlNode extends Place {
  readonly kind: 'break' | 'continue'
}

export type Statement =
  | TextNode
  | OutputNode
  | IfNode
  | ForNode
  | SetNode
  | SetBlockNode
  | MacroNode
  | CallBlockNode
  | FilterBlockNode
  | WithNode
  | BlockNode
  | DoNode
  | LoopControlNode

/** A parsed template: plain data, to be dropped when it is no longer wanted. */
export interface TemplateAst {
  readonly kind: 'template'
  readonly file: string
  readonly source: string
  /** Where `source` begins inside `file`, when it is a piece of it. */
  readonly origin: SourceOrigin
  readonly body: readonly Statement[]
}

/** Place of a text inside the file it was cut from; all of it 0/1/1 for a whole file. */
export interface SourceOrigin {
  /** Characters before it. */
  readonly offset: number
  /** 1-based line of its first character. */
  readonly line: number
  /** 1-based column of its first character. */
  readonly column: number
}

export const WHOLE_FILE: SourceOrigin = { offset: 0, line: 1, column: 1 }
