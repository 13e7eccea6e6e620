import type { SourceSpan } from './source-span.js'

/**
 * The families of user-visible faults. Each has the header dbt prints, because people and tools recognise it
 * (`Compilation Error in model b (models/b.sql)`).
 */
export type DiagnosticKind =
  | 'compilation'
  | 'parsing'
  | 'database'
  | 'runtime'
  | 'fail-fast'
  | 'project'
  | 'profile'
  | 'dependency'
  | 'validation'
  | 'selector'
  | 'usage'
  | 'semantic'
  | 'contract'
  | 'internal'

/** dbt's headers, by kind: the words before " in model x (path)" or alone on the first line. */
export const KIND_HEADERS: { readonly [K in DiagnosticKind]: string } = {
  compilation: 'Compilation Error',
  parsing: 'Parsing Error',
  database: 'Database Error',
  runtime: 'Runtime Error',
  'fail-fast': 'FailFast Error',
  project: 'Runtime Error',
  profile: 'Runtime Error',
  dependency: 'Dependency Error',
  // dbt prints no header on these; a line that does not end in "Error" is none to the tools that look for headers.
  validation: 'Invalid input',
  selector: 'Runtime Error',
  usage: 'Usage Error',
  semantic: 'Semantic Layer Error',
  contract: 'Breaking change to contract Error',
  internal: 'Internal Error',
}

export type Severity = 'error' | 'warning' | 'info'

/** One call on the way to the fault: a macro and where it was called. */
export interface CallFrame {
  /** e.g. `macro dbt_utils.star` or `model.shop.orders` */
  readonly name: string
  readonly at?: SourceSpan | undefined
}

/** A fault as a value: what, where, and what to do. Collected and printed together. */
export interface Diagnostic {
  /** Kebab-case key, stable for tools: `ref-not-found`, `yaml-syntax`. */
  readonly code: string
  readonly kind: DiagnosticKind
  readonly severity: Severity
  /** Without header and place; may span lines. */
  readonly message: string
  readonly at?: SourceSpan | undefined
  /** The text `at` counts in, when it is not the file on disk (an inline query, a compiled statement). */
  readonly sourceText?: string | undefined
  readonly nodeId?: string | undefined
  /** `model b (models/b.sql)`: what the header says the fault is in. */
  readonly subject?: string | undefined
  /** What to do: "did you mean 'stg_orders'?", or the next command to type. */
  readonly hint?: string | undefined
  /** Innermost last. */
  readonly callStack?: readonly CallFrame[] | undefined
}

/** The one thrown family. User mistakes are these and never show a stack trace. */
export class PlumbError extends Error {
  override readonly name = 'PlumbError'
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: Diagnostic | readonly Diagnostic[], cause?: unknown) {
    const list: readonly Diagnostic[] = Array.isArray(diagnostics) ? diagnostics : [diagnostics as Diagnostic]
    super(list.map((d) => d.message).join('\n'), cause === undefined ? undefined : { cause })
    this.diagnostics = list
  }

  /** The first diagnostic: the one that decides header and exit code. */
  get first(): Diagnostic {
    return this.diagnostics[0] ?? diagnostic('internal', 'unknown', this.message)
  }

  /** The same error with `extra` filled in where a diagnostic lacks it (place, node, subject). */
  with(extra: Partial<Pick<Diagnostic, 'at' | 'nodeId' | 'subject' | 'sourceText' | 'hint'>>): PlumbError {
    return new PlumbError(
      this.diagnostics.map(
        (d) =>
          ({ ...extra, ...Object.fromEntries(Object.entries(d).filter(([, v]) => v !== undefined)) }) as Diagnostic,
      ),
      this.cause ?? this,
    )
  }
}

/** Builds an error diagnostic. */
export function diagnostic(
  kind: DiagnosticKind,
  code: string,
  message: string,
  rest: Partial<Omit<Diagnostic, 'kind' | 'code' | 'message'>> = {},
): Diagnostic {
  return { severity: 'error', ...rest, kind, code, message }
}

/** Throws one diagnostic as a PlumbError. */
export function fail(
  kind: DiagnosticKind,
  code: string,
  message: string,
  rest: Partial<Omit<Diagnostic, 'kind' | 'code' | 'message'>> = {},
): never {
  throw new PlumbError(diagnostic(kind, code, message, rest))
}

/** A fault of ours, not the user's: the message asks for a report. */
export function internalError(message: string, cause?: unknown): PlumbError {
  return new PlumbError(
    diagnostic('internal', 'internal', message, {
      hint: 'This is a fault in Plumbline: please report it with the project that shows it.',
    }),
    cause,
  )
}

/** Gathers diagnostics while a stage goes on; `throwIfErrors` ends the stage with all of them at once. */
export class DiagnosticBag {
  readonly #list: Diagnostic[] = []

  add(item: Diagnostic): void {
    this.#list.push(item)
  }

  /** Keeps the diagnostics of a PlumbError and goes on; rethrows anything else. */
  capture(error: unknown): void {
    if (!(error instanceof PlumbError)) throw error
    this.#list.push(...error.diagnostics)
  }

  get all(): readonly Diagnostic[] {
    return this.#list
  }

  get errors(): readonly Diagnostic[] {
    return this.#list.filter((d) => d.severity === 'error')
  }

  get warnings(): readonly Diagnostic[] {
    return this.#list.filter((d) => d.severity === 'warning')
  }

  throwIfErrors(): void {
    if (this.errors.length > 0) throw new PlumbError(this.errors)
  }
}
