import { closeSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { exactJson } from '../../core/exact-json.js'
import type { Site } from './site.js'
import { documentsOf } from './write-site.js'

/** Where the parts of the application lie: the folder of the pages, and the script in one piece. */
export interface PageParts {
  readonly appDir: string
  readonly script: string
}

/**
 * Writes a site as one file that needs nothing else: application, style and documents. Browsers open it from a disk,
 * from any web server, from an artifact of a build. Put in place whole.
 */
export function writePage(site: Site, { appDir, script }: PageParts, file: string): void {
  const shell = readFileSync(join(appDir, 'index.html'), 'utf8')
  const style = readFileSync(join(appDir, 'app.css'), 'utf8')
  const code = readFileSync(script, 'utf8')
  const aside = `${file}.${process.pid}.new`
  const out = openSync(aside, 'w')
  try {
    const [head, tail] = split(shell, '<script type="module" src="app.js"></script>')
    writeSync(
      out,
      head.replace('<link rel="stylesheet" href="app.css">', () => `<style>${style}</style>`),
    )
    for (const [path, document] of documentsOf(site)) {
      writeSync(
        out,
        `<script type="application/json" data-document="data/${path}">${inScript(exactJson(document))}</script>\n`,
      )
    }
    writeSync(out, `<script type="module">${code.replaceAll('</script', '<\\/script')}</script>${tail}`)
  } finally {
    closeSync(out)
  }
  renameSync(aside, file)
}

function split(text: string, at: string): readonly [string, string] {
  const place = text.indexOf(at)
  return [text.slice(0, place), text.slice(place + at.length)]
}

/** JSON in which nothing ends the element that holds it. */
const inScript = (json: string): string => json.replaceAll('<', '\\u003c')
