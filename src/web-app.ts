import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { internalError } from './core/diagnostic.js'

/** Where the built browser application lies: `web/` beside the bundle. */
export function webAppDir(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  for (const base of [here, dirname(here), join(here, '..', 'dist')]) {
    if (existsSync(join(base, 'web', 'app.js'))) return join(base, 'web')
  }
  throw internalError('the browser application is missing from this installation')
}
