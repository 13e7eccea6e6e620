import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RunHistory } from '../../artifacts/index.js'
import type { Caller, Identity, QueryService } from '../../query/index.js'

/** What routes work with. */
export interface HttpContext {
  readonly app: FastifyInstance
  readonly service: QueryService
  readonly identity: Identity
  readonly history: RunHistory
  /** Who sent the request; known since before its route was chosen. */
  callerOf(request: FastifyRequest): Caller
}

/** Parameters of the address, which may repeat. */
export type Parameters = Readonly<Record<string, string | string[] | undefined>>

export function parametersOf(request: FastifyRequest): Parameters {
  return request.query as Parameters
}

export function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
