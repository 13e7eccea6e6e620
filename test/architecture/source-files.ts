import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const SRC = resolve(dirname(fileURLToPath(import.meta.url)), '../../src')

export interface SourceFile {
  /** Relative to src/: `jinja/syntax/lexer.ts`. */
  readonly path: string
  readonly text: string
  readonly lines: number
  readonly imports: readonly { readonly target: string; readonly typeOnly: boolean }[]
}

function* walk(dir: string): Generator<string> {
  for (const name of readdirSync(dir)) {
    const path = join(dir, name)
    if (statSync(path).isDirectory()) yield* walk(path)
    else yield path
  }
}

/** The static imports of a module that stay inside src/, as paths relative to it. */
function importsOf(path: string, text: string): SourceFile['imports'] {
  const found: { target: string; typeOnly: boolean }[] = []
  const pattern = /^(?:import|export)\s+(type\s+)?([^'";]*?)from\s+'(\.[^']+)'/gm
  for (const match of text.matchAll(pattern)) {
    const names = match[2] ?? ''
    const listed =
      /\{([^}]*)\}/s
        .exec(names)?.[1]
        ?.split(',')
        .map((n) => n.trim())
        .filter((n) => n !== '') ?? []
    const typeOnly =
      match[1] !== undefined ||
      (listed.length > 0 &&
        !/^\s*[\w*]/.test(names.replace(/\{[^}]*\}/s, '')) &&
        listed.every((n) => n.startsWith('type ')))
    found.push({ target: relative(SRC, resolve(dirname(path), match[3]!)).replace(/\.js$/, '.ts'), typeOnly })
  }
  for (const match of text.matchAll(/^import\s+'(\.[^']+)'/gm))
    found.push({ target: relative(SRC, resolve(dirname(path), match[1]!)).replace(/\.js$/, '.ts'), typeOnly: false })
  return found
}

/** Every TypeScript module of src/. */
export function sourceFiles(): SourceFile[] {
  return [...walk(SRC)]
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => {
      const text = readFileSync(path, 'utf8')
      return { path: relative(SRC, path), text, lines: text.split('\n').length, imports: importsOf(path, text) }
    })
}

/** The room a module lives in; modules directly under src/ are the room `index`. */
export function roomOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : 'index'
}
