import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { internalError, type PlumbError } from './core/diagnostic.js'

/** Where the built browser application lies: `web/` beside the bundle. */
export function webAppDir(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  for (const base of [here, dirname(here), join(here, '..', 'dist')]) {
    if (existsSync(join(base, 'web', 'app.js'))) return join(base, 'web')
  }
  throw missing()
}

/** The application's script in one piece, for pages that are a single file. */
export function pageScript(): string {
  const script = join(dirname(webAppDir()), 'page', 'app.js')
  if (existsSync(script)) return script
  throw missing()
}

function missing(): PlumbError {
  return internalError('the browser application is missing from this installation')
}
