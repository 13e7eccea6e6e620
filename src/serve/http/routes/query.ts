import type { FastifyReply, FastifyRequest } from 'fastify'
import { type HttpContext, one, parametersOf } from '../context.js'
import { type AnswerRequest, list, number, readBody, readParameters } from '../read-query.js'
import { sendAnswer } from '../send-answer.js'

/** Questions and their answers. */
export function queryRoutes(context: HttpContext): void {
  const { app, service, callerOf } = context
  const answer = (request: FastifyRequest, reply: FastifyReply, asked: AnswerRequest): Promise<void> => {
    const { query, ...options } = asked
    return sendAnswer(context, request, reply, { kind: 'metrics', query }, callerOf(request), {
      ...options,
      name: 'answer',
    })
  }
  const explain = async (request: FastifyRequest, { query }: AnswerRequest): Promise<object> => {
    const { sql, steps, columns, predicates } = await service.explain({ kind: 'metrics', query }, callerOf(request))
    return { sql, steps, columns, predicates }
  }
  app.post('/api/v1/query', (request, reply) => answer(request, reply, readBody(request.body)))
  app.get('/api/v1/query', (request, reply) => answer(request, reply, readParameters(parametersOf(request))))
  app.post('/api/v1/explain', (request) => explain(request, readBody(request.body)))
  app.get('/api/v1/explain', (request) => explain(request, readParameters(parametersOf(request))))

  app.get('/api/v1/dimensions/:name/values', (request, reply) => {
    const { name } = request.params as { readonly name: string }
    const { metrics, where, limit, format, grain } = parametersOf(request)
    const caller = callerOf(request)
    const grainName = one(grain)
    const question = service.catalogue(caller).values({
      dimension: grainName === undefined ? name : { name, grain: grainName },
      metrics: list(metrics),
      where: where === undefined ? [] : [where].flat(),
      ...(limit === undefined ? {} : { limit: number('limit', one(limit)) }),
    })
    return sendAnswer(context, request, reply, question, caller, { format: one(format), name: 'values' })
  })

  app.get('/api/v1/saved-queries/:name/rows', (request, reply) => {
    const { name } = request.params as { readonly name: string }
    const asked = readParameters({ ...parametersOf(request), saved_query: name })
    return answer(request, reply, asked)
  })
}
