import { fail } from '../../core/diagnostic.js'
import type { Caller } from '../types.js'

/** The text of a condition, with holes for what is known of the caller. */
export interface PredicateTemplate {
  readonly parts: readonly (string | { readonly attribute: string })[]
  /** As written, for explanations. */
  readonly text: string
}

const HOLE = /\{\{\s*user\.([A-Za-z_][\w-]*)\s*\}\}/

/**
 * Reads a condition such as `region = {{ user.region }}` or `region in {{ user.regions }}`. It is the project's own
 * SQL; but what goes into the holes is not, so a hole may not stand in a string, a quoted name or a comment.
 * @throws PlumbError `policy-predicate`
 */
export function readPredicate(text: string, of: string): PredicateTemplate {
  const pieces = text.split(new RegExp(HOLE.source, 'g'))
  const parts = pieces.map((piece, at) => (at % 2 === 0 ? piece : { attribute: piece }))
  const fault = parts.reduce<string | undefined>(
    (found, part) => found ?? (typeof part === 'string' ? faultOf(part) : undefined),
    text.trim() === '' ? 'it is empty' : undefined,
  )
  const wrong = fault ?? (isBalanced(parts) ? undefined : 'its parentheses do not match')
  if (wrong !== undefined) {
    fail('semantic', 'policy-predicate', `The condition of ${of} cannot be used: ${wrong}.\n  ${text.trim()}`, {
      hint: 'write it as region = {{ user.region }} or region in {{ user.regions }}',
    })
  }
  return { parts, text: text.trim() }
}

function faultOf(piece: string): string | undefined {
  if (/\{\{|\}\}|\{%/.test(piece)) return 'only {{ user.<attribute> }} can stand in braces'
  const plain = withoutStrings(piece)
  if (plain.includes("'")) return 'a hole stands in a string, or a string is not closed'
  if (plain.includes('"')) return 'a hole stands in a quoted name, or one is not closed'
  if (/--|\/\*|;|\$/.test(plain)) return 'comments, semicolons and dollar signs are not allowed'
  return undefined
}

function withoutStrings(piece: string): string {
  return piece.replace(/'(?:[^']|'')*'/g, ' ').replace(/"(?:[^"]|"")*"/g, ' ')
}

/** Every parenthesis that is opened is closed, and none is closed before it is opened. */
function isBalanced(parts: PredicateTemplate['parts']): boolean {
  let depth = 0
  for (const part of parts) {
    if (typeof part !== 'string') continue
    for (const char of withoutStrings(part)) {
      if (char === '(') depth++
      else if (char === ')' && --depth < 0) return false
    }
  }
  return depth === 0
}

/** How the warehouse writes what stands in a hole. */
export interface LiteralRules {
  stringLiteral(value: string): string
}

/**
 * The condition for a caller, in parentheses. An attribute the caller does not have lets no row through: nothing is
 * guessed about people of whom nothing is known.
 */
export function predicateFor({ parts }: PredicateTemplate, caller: Caller, rules: LiteralRules): string {
  let text = ''
  for (const part of parts) {
    if (typeof part === 'string') text += part
    else {
      const value = attributeOf(part.attribute, caller)
      if (value === undefined) return '(1 = 0)'
      text += literal(value, rules)
    }
  }
  return `(${text.trim()})`
}

type Value = string | number | boolean | readonly string[]

function attributeOf(attribute: string, caller: Caller): Value | undefined {
  if (attribute === 'name') return caller.name
  if (attribute === 'groups') return caller.groups
  return Object.hasOwn(caller.attributes, attribute) ? caller.attributes[attribute] : undefined
}

function literal(value: Value, rules: LiteralRules): string {
  switch (typeof value) {
    case 'string':
      return textLiteral(value, rules)
    case 'number':
      return Number.isFinite(value) ? `(${value})` : 'NULL'
    case 'boolean':
      return value ? 'TRUE' : 'FALSE'
  }
  // No value is in an empty list; and nothing equals NULL.
  return value.length === 0 ? '(NULL)' : `(${value.map((each) => textLiteral(each, rules)).join(', ')})`
}

function textLiteral(value: string, rules: LiteralRules): string {
  // No warehouse has text with it, and some end the statement there.
  if (value.includes('\0')) return 'NULL'
  return rules.stringLiteral(value)
}
