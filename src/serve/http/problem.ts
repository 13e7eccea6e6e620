import { PlumbError } from '../../core/diagnostic.js'

/** RFC 9457: what went wrong, in the same words as on every other door. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** Stable, for programs: `metric-not-found`. */
  readonly code: string
  readonly hint?: string
  /** Where several things are wrong: all of them. */
  readonly errors?: readonly { readonly code: string; readonly message: string; readonly hint?: string }[]
}

/** A fault of the request itself, found by the door. */
export class RequestFault extends Error {
  override readonly name = 'RequestFault'
  readonly status: number
  readonly code: string
  readonly hint: string | undefined

  constructor(status: number, code: string, message: string, hint?: string) {
    super(message)
    this.status = status
    this.code = code
    this.hint = hint
  }
}

/** Codes that say more than "the question is wrong". */
const STATUS: Readonly<Record<string, number>> = {
  'metric-not-found': 404,
  'no-such-model': 404,
  'not-permitted': 403,
  'ground-not-fresh': 409,
  'ground-not-tested': 409,
  'query-timeout': 504,
  'query-cancelled': 499,
  'row-limit': 422,
  'too-busy': 503,
  'service-closed': 503,
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request cannot be understood',
  401: 'Say who you are',
  403: 'Not permitted',
  404: 'Not found',
  409: 'Refused on broken ground',
  413: 'The request is too large',
  415: 'The request is in no form that is read here',
  422: 'Too much is asked for',
  499: 'The question was cancelled',
  500: 'Something is wrong here',
  502: 'The warehouse refused the statement',
  503: 'Too busy',
  504: 'It took too long',
}

/** What the client is told of an error. Faults of ours say nothing of what is inside. */
export function problemOf(error: unknown): Problem {
  if (error instanceof RequestFault) return problem(error.status, error.code, error.message, error.hint)
  if (error instanceof PlumbError) {
    const { kind, code, message, hint } = error.first
    const status = STATUS[code] ?? (kind === 'database' ? 502 : kind === 'internal' ? 500 : 400)
    const several = error.diagnostics.length > 1
    return {
      ...problem(status, code, message, hint),
      ...(several
        ? {
            errors: error.diagnostics.map((each) => ({ code: each.code, message: each.message, ...hintOf(each.hint) })),
          }
        : {}),
    }
  }
  const status = statusOf(error)
  if (status !== undefined && status < 500) return problem(status, 'bad-request', (error as Error).message)
  return problem(500, 'internal', 'The server failed to answer; its log says more')
}

function problem(status: number, code: string, detail: string, hint?: string): Problem {
  return { type: `urn:plumbline:${code}`, title: TITLES[status] ?? 'Error', status, detail, code, ...hintOf(hint) }
}

function hintOf(hint: string | undefined): { readonly hint?: string } {
  return hint === undefined ? {} : { hint }
}

function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode
  return typeof status === 'number' ? status : undefined
}
