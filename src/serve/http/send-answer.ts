import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Answer, Caller, Question } from '../../query/index.js'
import type { HttpContext } from './context.js'
import { chooseFormat } from './formats/index.js'

export interface AnswerOptions {
  readonly format: string | undefined
  readonly require?: readonly ('fresh' | 'tested')[]
  readonly cache?: boolean
  readonly timeout?: number | undefined
  /** Name of the file a browser would save. */
  readonly name: string
}

/** Asks the service and sends the answer as its rows come; a client that goes away stops the warehouse. */
export async function sendAnswer(
  { service }: HttpContext,
  request: FastifyRequest,
  reply: FastifyReply,
  question: Question,
  caller: Caller,
  options: AnswerOptions,
): Promise<void> {
  const format = chooseFormat(options.format, request.headers.accept)
  const gone = new AbortController()
  const onClose = (): void => {
    if (!reply.raw.writableFinished) gone.abort()
  }
  reply.raw.once('close', onClose)
  const answer = await service.ask(question, caller, {
    door: 'http',
    signal: gone.signal,
    ...(options.require === undefined ? {} : { require: options.require }),
    ...(options.cache === undefined ? {} : { cache: options.cache }),
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
  })
  const left = aborted(gone.signal)
  const pieces = format.encode(answer)[Symbol.asyncIterator]()
  try {
    // Faults that come before the first piece can still be told as such.
    const first = await pieces.next()
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, {
      ...plainHeaders(reply),
      'content-type': format.mediaType,
      'content-disposition': `inline; filename="${options.name}.${format.extension}"`,
      'cache-control': 'private, no-store',
      ...proofHeaders(answer),
    })
    for (let piece = first; piece.done !== true; piece = await pieces.next()) {
      if (!raw.write(piece.value)) await Promise.race([drained(raw), left])
      if (gone.signal.aborted) return
    }
    raw.end()
  } catch (error) {
    if (!reply.sent) throw error
    // The status has left already: a broken connection is the only way to say that the rest is missing.
    reply.raw.destroy()
    if (!gone.signal.aborted) request.log.warn({ error: String(error) }, 'an answer broke off')
  } finally {
    reply.raw.off('close', onClose)
    await pieces.return?.()
    await answer.close()
  }
}

function plainHeaders(reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]))
}

/** Room in the socket again. (`once` of events would leave a listener behind for every wait that ended otherwise.) */
function drained(raw: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => raw.once('drain', resolve))
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** What the answer stands on, for clients that read no JSON. */
function proofHeaders({ proof, cached, columns }: Answer): Record<string, string> {
  const said = (value: boolean | null): string => (value === null ? 'unknown' : String(value))
  return {
    'x-plumb-build-id': proof.buildId ?? 'unknown',
    'x-plumb-built-at': proof.builtAt ?? 'unknown',
    'x-plumb-fresh': said(proof.fresh),
    'x-plumb-tested': said(proof.tested),
    'x-plumb-failed-tests':
      proof.failedTests.length === 0 ? 'none' : proof.failedTests.slice(0, 20).map(encodeURI).join(','),
    'x-plumb-cached': String(cached),
    'x-plumb-columns': String(columns.length),
  }
}
