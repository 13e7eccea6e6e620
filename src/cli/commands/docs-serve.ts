import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fail } from '../../core/diagnostic.js'
import type { Command } from '../command.js'
import { EXIT } from '../command.js'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.md': 'text/markdown; charset=utf-8',
}

const docsServe: Command = {
  name: 'docs serve',
  which: 'serve',
  summary: 'Serve the documentation',
  help: 'Serves the target directory on this machine until it is stopped.',
  options: ['project_dir', 'profiles_dir', 'target_path', 'vars', 'host', 'port', 'browser'],
  need: 'project',
  async run(ready) {
    const { targetDir } = await ready.project()
    if (!existsSync(join(targetDir, 'catalog.json'))) {
      fail('runtime', 'docs-missing', `There is no documentation in ${targetDir} yet.`, {
        hint: 'plumb docs generate writes it',
      })
    }
    const host = ready.options.text('host') ?? '127.0.0.1'
    const server = createServer((request, response) => {
      const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname))
      const file = join(targetDir, path === '/' ? 'index.html' : path)
      if (!file.startsWith(targetDir) || !existsSync(file) || !statSync(file).isFile()) {
        response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n')
        return
      }
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
      createReadStream(file).pipe(response)
    })
    await new Promise<void>((listening, broken) => {
      server.once('error', broken)
      server.listen(ready.options.number('port') ?? 8080, host, listening)
    })
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    ready.info('ServingDocsPort', 'Z018', `Serving docs at http://${host}:${port}`, { address: host, port })
    await new Promise<void>((stop) => ready.invocation.signal.addEventListener('abort', () => stop(), { once: true }))
    server.close()
    return EXIT.ok
  },
}
export default docsServe
