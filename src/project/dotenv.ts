import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readText } from './config/project-file.js'
import type { Environment } from './env-vars.js'

/**
 * The environment with what `.env` files add: the nearest one in the current folder or above it (as dbt 1.12), then
 * the project's. What is set already stays.
 */
export function loadEnvFile(projectDir: string, env: Environment, cwd = projectDir): Environment {
  const files = new Set([findUp(cwd), join(projectDir, '.env')])
  let merged = env
  for (const file of files) {
    const text = file !== undefined && isFile(file) ? readText(file) : undefined
    if (text !== undefined) merged = { ...parseDotenv(text, merged), ...merged }
  }
  return merged
}

function findUp(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, '.env')
    if (isFile(file)) return file
    if (dirname(folder) === folder) return undefined
  }
}

/** Some projects keep a folder of that name. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

const LINE =
  /^[ \t]*(?:export[ \t]+)?(?:'([^'\r\n]+)'|([^=#\s]+))[ \t]*=[ \t]*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|([^\r\n]*))/gms

/**
 * `NAME=value` lines by python-dotenv's rules: `export`, quotes (which may span lines), comments, `${NAME}` and
 * `${NAME:-default}` filled in from `env` and from lines above. Other lines are passed over.
 */
export function parseDotenv(text: string, env: Environment = {}): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [, quotedName, name, single, double, plain] of text.matchAll(LINE)) {
    const key = quotedName ?? name!
    if (key.startsWith('#')) continue
    values[key] = expand(textOf(single, double, plain), { ...values, ...env })
  }
  return values
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v', a: '\x07' }

function textOf(single: string | undefined, double: string | undefined, plain: string | undefined): string {
  if (single !== undefined) return single.replace(/\\([\\'])/g, '$1')
  if (double !== undefined)
    return double.replace(/\\([\\'"abfnrtv])/g, (_all, letter: string) => ESCAPES[letter] ?? letter)
  return (plain ?? '').replace(/(?:^|\s+)#.*/, '').trimEnd()
}

function expand(value: string, env: Environment): string {
  return value.replace(/\$\{([^}:]*)(?::-([^}]*))?\}/g, (_all, name: string, fallback: string | undefined) => {
    return env[name] ?? fallback ?? ''
  })
}
