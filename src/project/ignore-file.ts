import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ignore from 'ignore'

export interface IgnoreRules {
  /** Is this file ignored? Path relative to the package root, '/'-separated. */
  ignores(path: string): boolean
  /** Can no file below this folder be wanted any more? Lets the walk skip it. */
  prunes(folder: string): boolean
}

/**
 * The rules of a package's `.dbtignore` (gitignore patterns), or null without one. As in dbt the last pattern that
 * matches decides, so `!keep.sql` brings a file back even out of an ignored folder.
 */
export function readIgnoreRules(root: string): IgnoreRules | null {
  let text: string
  try {
    text = readFileSync(join(root, '.dbtignore'), 'utf8')
  } catch {
    return null
  }
  return ignoreRules(text)
}

/** Rules from the text of an ignore file. */
export function ignoreRules(text: string): IgnoreRules {
  const rules = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const negated = line.startsWith('!')
      return { negated, matcher: ignore({ ignorecase: false }).add(negated ? line.slice(1) : line) }
    })
    .reverse()
  const anyNegated = rules.some((rule) => rule.negated)
  return {
    ignores(path) {
      const inside = relativeInside(path)
      if (inside === undefined) return false
      const decisive = rules.find((rule) => rule.matcher.ignores(inside))
      return decisive !== undefined && !decisive.negated
    },
    prunes(folder) {
      const inside = relativeInside(folder)
      return !anyNegated && inside !== undefined && rules.some((rule) => rule.matcher.ignores(`${inside}/`))
    },
  }
}

/** The path as the patterns see it; undefined for what lies outside of the package. */
function relativeInside(path: string): string | undefined {
  const clean = path.replace(/^(?:\.\/)+/, '')
  return clean === '' || clean.startsWith('/') || clean.startsWith('../') ? undefined : clean
}
