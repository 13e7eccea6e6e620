import { diagnostic, PlumbError } from '../../core/diagnostic.js'

/** The kinds of failure Python's values know, by the name of Python's exception. */
export type PyErrorType =
  | 'TypeError'
  | 'ValueError'
  | 'KeyError'
  | 'IndexError'
  | 'AttributeError'
  | 'ZeroDivisionError'
  | 'OverflowError'
  | 'UndefinedError'
  | 'SecurityError'
  | 'FilterArgumentError'
  | 'TemplateRuntimeError'
  | 'ReError'

const CODES: { readonly [K in PyErrorType]: string } = {
  TypeError: 'jinja-type',
  ValueError: 'jinja-value',
  KeyError: 'jinja-key',
  IndexError: 'jinja-index',
  AttributeError: 'jinja-attribute',
  ZeroDivisionError: 'jinja-zero-division',
  OverflowError: 'jinja-overflow',
  UndefinedError: 'jinja-undefined',
  SecurityError: 'jinja-unsafe',
  FilterArgumentError: 'jinja-filter-argument',
  TemplateRuntimeError: 'jinja-runtime',
  ReError: 'jinja-regex',
}

/** A failure with Python's message and without a place: the engine adds where in the template it happened. */
export function pyError(type: PyErrorType, message: string, hint?: string): PlumbError {
  return new PlumbError(diagnostic('compilation', CODES[type], message, hint === undefined ? {} : { hint }))
}
