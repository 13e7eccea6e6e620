import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { diagnostic, PlumbError } from '../../core/diagnostic.js'

const ATTEMPTS = 5
const TIMEOUT_MS = 30_000

/** An answer that no further attempt would change. */
class HttpStatusError extends Error {
  constructor(
    readonly url: string,
    readonly status: number,
  ) {
    super(`${status} for ${url}`)
  }
}

/** Did the server say that there is no such thing? */
export function isNotFound(error: unknown): boolean {
  return error instanceof PlumbError && error.cause instanceof HttpStatusError && error.cause.status === 404
}

/** A JSON document. @throws PlumbError `download-failed` after several attempts */
export function getJson(url: string, signal: AbortSignal): Promise<unknown> {
  return attempt(url, signal, async (response) => (await response.json()) as unknown)
}

/** Writes what stands at `url` to a file. @throws PlumbError `download-failed` after several attempts */
export function download(url: string, file: string, signal: AbortSignal): Promise<void> {
  return attempt(url, signal, async (response) => {
    const expected = response.headers.get('content-length')
    let received = 0
    const body = response.body === null ? Readable.from([]) : Readable.fromWeb(response.body as never)
    body.on('data', (chunk: Uint8Array) => (received += chunk.length))
    await pipeline(body, createWriteStream(file))
    const encoded = response.headers.get('content-encoding') !== null
    if (expected !== null && !encoded && Number(expected) !== received)
      throw new Error(`${url}: the answer was cut off`)
  })
}

async function attempt<T>(url: string, signal: AbortSignal, use: (response: Response) => Promise<T>): Promise<T> {
  let last: unknown
  for (let n = 0; n < ATTEMPTS; n++) {
    if (n > 0) await sleep(Math.min(250 * 2 ** n, 2000), undefined, { signal })
    try {
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) })
      if (!response.ok) throw new HttpStatusError(url, response.status)
      return await use(response)
    } catch (error) {
      last = error
      if (signal.aborted) break
      if (error instanceof HttpStatusError && error.status < 500 && error.status !== 429) break
    }
  }
  throw new PlumbError(
    diagnostic('dependency', 'download-failed', `External connection exception occurred: ${reasonOf(last)}`, {
      hint: `could not get ${url}`,
    }),
    last,
  )
}

/** Node's fetch says "fetch failed" and hides why. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (cause instanceof AggregateError) return cause.errors.map((each: Error) => each.message).join('; ')
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message
}
