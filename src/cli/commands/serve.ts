import { fail } from '../../core/diagnostic.js'
import type { Limits } from '../../query/index.js'
import type { Command } from '../command.js'
import { EXIT } from '../command.js'
import { parseAndSave } from '../parse-and-save.js'
import type { Ready } from '../ready.js'

const serve: Command = {
  name: 'serve',
  which: 'serve',
  summary: 'Answer questions about metrics over HTTP and the PostgreSQL protocol',
  help: 'Serves the metrics of the project, and the models that may be seen, until it is stopped. Without users (users.yml) it answers only this machine.',
  examples: [
    'plumb serve',
    'plumb serve --http-port 0 --no-pg --output json',
    'plumb serve --build --watch',
    'plumb serve --host 0.0.0.0 --users /etc/plumb/users.yml --tls-cert server.crt --tls-key server.key',
  ],
  options: [
    'project_dir',
    'profiles_dir',
    'target_path',
    'vars',
    'threads',
    'serve_host',
    'http_port',
    'pg_port',
    'http',
    'pg',
    'users',
    'tls_cert',
    'tls_key',
    'query_timeout',
    'max_rows',
    'query_concurrency',
    'serve_build',
    'watch',
    'output_format',
  ],
  need: 'adapter',
  answers: true,
  async run(ready) {
    const { options, invocation } = ready
    const { workspace } = await parseAndSave(ready)
    const { serveProject } = await import('../../serve-project.js')
    try {
      const serving = await serveProject(workspace, {
        host: options.text('serve_host') ?? '127.0.0.1',
        ports: {
          ...(options.is('http', true) ? { http: options.number('http_port') ?? 8580 } : {}),
          ...(options.is('pg', true) ? { pgwire: options.number('pg_port') ?? 5480 } : {}),
        },
        users: options.text('users'),
        tls: tlsOf(ready),
        warm: true,
        limits: limitsOf(ready),
        reopen: async () => (await ready.again('serve', ready.flags.args)).workspace(),
        log: (level, msg) => ready.emit({ name: 'Serving', code: 'Z100', level, msg, data: {} }),
      })
      await ready.answer(
        options.text('output_format') === 'json'
          ? `${JSON.stringify({ listening: serving.addresses })}\n`
          : Object.entries(serving.addresses)
              .map(([door, { url }]) => `${door === 'http' ? 'HTTP' : 'PostgreSQL'} on ${url}\n`)
              .join(''),
      )
      const builds = options.is('serve_build', false) || options.is('watch', false)
      if (builds) {
        const { buildWhileServing } = await import('../build-while-serving.js')
        await buildWhileServing(ready, serving, { watch: options.is('watch', false) })
      }
      await stopped(invocation.signal)
      await serving.close()
      return EXIT.ok
    } finally {
      await workspace.close()
    }
  },
}
export default serve

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((stop) => {
    if (signal.aborted) stop()
    else signal.addEventListener('abort', () => stop(), { once: true })
  })
}

function tlsOf({ options }: Ready): { readonly cert: string; readonly key: string } | null {
  const [cert, key] = [options.text('tls_cert'), options.text('tls_key')]
  if (cert === null && key === null) return null
  if (cert === null || key === null) {
    fail('usage', 'tls-files', `${cert === null ? '--tls-key' : '--tls-cert'} is given without the other`, {
      hint: 'TLS needs a certificate and its key: --tls-cert FILE --tls-key FILE',
    })
  }
  return { cert, key }
}

function limitsOf({ options }: Ready): Partial<Limits> {
  const seconds = options.number('query_timeout')
  const rows = options.number('max_rows')
  const concurrency = options.number('query_concurrency')
  return {
    ...(seconds === null ? {} : { timeout: seconds * 1000 }),
    ...(rows === null ? {} : { maxRows: rows }),
    ...(concurrency === null ? {} : { concurrency }),
  }
}
