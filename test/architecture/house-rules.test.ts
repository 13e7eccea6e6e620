import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SRC, sourceFiles } from './source-files.js'

const files = sourceFiles()

/** Modules that may be longer than 500 lines, each with the reason. */
const LONG: Readonly<Record<string, string>> = {}

describe('the house', () => {
  it('keeps modules under 500 lines', () => {
    expect(files.filter((f) => f.lines > 501 && !(f.path in LONG)).map((f) => `${f.path}: ${f.lines}`)).toEqual([])
  })

  it('has no drawer for everything', () => {
    expect(
      files.filter((f) => /(^|\/)(utils?|helpers?|common|misc)(\/|\.ts$)/.test(f.path)).map((f) => f.path),
    ).toEqual([])
  })

  it('uses no any and no escape from the type checker', () => {
    const bad = files.filter((f) =>
      /\bas any\b|: any\b|<any>|@ts-ignore|@ts-nocheck|@ts-expect-error/.test(
        f.text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''),
      ),
    )
    expect(bad.map((f) => f.path)).toEqual([])
  })

  it('compares no warehouse names outside of adapters', () => {
    const bad = files.filter(
      (f) => !f.path.startsWith('adapters/') && /\b(plugin|adapter|credentials)\.type\s*[!=]==?\s*'/.test(f.text),
    )
    expect(bad.map((f) => f.path)).toEqual([])
  })

  it('has a README in every room whose file names are real', () => {
    const wrong: string[] = []
    for (const room of readdirSync(SRC)) {
      const dir = join(SRC, room)
      if (!statSync(dir).isDirectory()) continue
      const readme = join(dir, 'README.md')
      if (!existsSync(readme)) {
        wrong.push(`${room}: no README.md`)
        continue
      }
      const text = readFileSync(readme, 'utf8')
      if (text.split('\n').length > 61) wrong.push(`${room}/README.md: over 60 lines`)
      const names = new Set((readdirSync(dir, { recursive: true }) as string[]).map((path) => basename(path)))
      for (const [, name] of text.matchAll(/`([\w./-]+\.(?:ts|sql|yml|md))`/g)) {
        if (
          !existsSync(join(dir, name!)) &&
          !names.has(name!) &&
          !existsSync(join(SRC, name!)) &&
          !existsSync(join(SRC, '..', name!))
        )
          wrong.push(`${room}/README.md names ${name}`)
      }
    }
    expect(wrong).toEqual([])
  })
})
