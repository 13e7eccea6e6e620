import { diagnostic, PlumbError } from '../core/diagnostic.js'

/** Why a door cannot listen, in words. */
export function listenFault(error: unknown, door: string, host: string, port: number): PlumbError {
  const code = (error as NodeJS.ErrnoException).code
  const option = door === 'http' ? '--http-port' : '--pg-port'
  if (code === 'EADDRINUSE') {
    return new PlumbError(
      diagnostic('runtime', 'port-in-use', `Something else listens on ${host}:${port} already`, {
        hint: `${option} names another port; 0 takes a free one`,
      }),
      error,
    )
  }
  const message = error instanceof Error ? error.message : String(error)
  return new PlumbError(diagnostic('runtime', 'cannot-listen', `Cannot listen on ${host}:${port}: ${message}`), error)
}
