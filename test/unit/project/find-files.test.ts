import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ignoreRules } from '../../../src/project/ignore-file.js'
import { findFiles, type Package, PackageFiles } from '../../../src/project/index.js'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plumb-files-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function write(...names: string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), name)
  }
}
const pkg = (): Package => ({ name: 'shop', root, kind: 'root', config: {} as Package['config'] })
const found = (paths: string[], extensions: string[]): string[] =>
  findFiles(pkg(), paths, extensions).map((file) => file.originalPath)

describe('findFiles', () => {
  it("walks folders in a fixed order: a folder's files, then its folders", () => {
    write('models/z.sql', 'models/a/b.sql', 'models/a/a.yml', 'models/B.sql', 'other/x.sql')
    expect(found(['models'], ['.sql'])).toEqual(['models/B.sql', 'models/z.sql', 'models/a/b.sql'])
    expect(found(['models'], ['.sql', '.yml'])).toEqual([
      'models/B.sql',
      'models/z.sql',
      'models/a/a.yml',
      'models/a/b.sql',
    ])
  })

  it('says where a file is, relative to what', () => {
    write('models/staging/a.sql')
    expect(findFiles(pkg(), ['models'], ['.sql'])).toEqual([
      {
        packageName: 'shop',
        absolutePath: join(root, 'models/staging/a.sql'),
        originalPath: 'models/staging/a.sql',
        relativePath: 'staging/a.sql',
        searchPath: 'models',
        size: 20,
        mtimeMs: expect.any(Number) as number,
      },
    ])
  })

  it('matches extensions in any case, and leaves hidden and temporary files out', () => {
    write(
      'models/a.SQL',
      'models/.a.sql',
      'models/#a.sql',
      'models/~a.sql',
      'models/.sql',
      'models/a.sql.bak',
      'models/_a.sql',
    )
    expect(found(['models'], ['.sql'])).toEqual(['models/_a.sql', 'models/a.SQL'])
  })

  it('takes paths as they are written: nested, with a slash, missing, outside', () => {
    write('models/a/b/x.sql', 'shared/y.sql')
    expect(found(['models/a/'], ['.sql'])).toEqual(['models/a/b/x.sql'])
    expect(found(['nowhere', './models'], ['.sql'])).toEqual(['./models/a/b/x.sql'])
    const inner: Package = { ...pkg(), root: join(root, 'models') }
    expect(findFiles(inner, ['../shared'], ['.sql']).map((file) => file.originalPath)).toEqual(['../shared/y.sql'])
  })

  it('follows links to files, enters no linked folder, and minds no dangling link', () => {
    write('models/a.sql', 'elsewhere/b.sql')
    symlinkSync(join(root, 'elsewhere'), join(root, 'models/linked'))
    symlinkSync(join(root, 'elsewhere/b.sql'), join(root, 'models/b.sql'))
    symlinkSync(join(root, 'gone.sql'), join(root, 'models/gone.sql'))
    symlinkSync(root, join(root, 'models/dir.sql'))
    expect(found(['models'], ['.sql'])).toEqual(['models/a.sql', 'models/b.sql'])
  })

  it('obeys .dbtignore', () => {
    write('models/a.sql', 'models/old/b.sql', 'models/old/keep.sql', 'models/drafts/c.sql')
    writeFileSync(join(root, '.dbtignore'), '# drafts\nold/\n!keep.sql\n/models/drafts\n')
    expect(found(['models'], ['.sql'])).toEqual(['models/a.sql', 'models/old/keep.sql'])
  })

  it('looks at each folder once, however often it is asked', () => {
    write('models/a.sql')
    const files = new PackageFiles(pkg())
    const first = files.find(['models'], ['.sql'])
    write('models/b.sql')
    expect(files.find(['models'], ['.sql', '.yml'])).toEqual(first)
  })
})

describe('ignoreRules', () => {
  type Recorded = { text: string; ignored: string[] }
  const recorded = JSON.parse(readFileSync(new URL('recorded/ignore.json', import.meta.url), 'utf8')) as (
    | Recorded
    | { paths: string[] }
  )[]
  const paths = (recorded.at(-1) as { paths: string[] }).paths
  it.each(recorded.slice(0, -1).map((each) => [(each as Recorded).text, each as Recorded] as const))(
    '%j',
    (text, each) => {
      const rules = ignoreRules(text)
      expect(paths.filter((path) => rules.ignores(path))).toEqual(each.ignored)
      // A folder that is skipped must hold nothing that is wanted.
      for (const path of paths) {
        const folder = path.slice(0, path.lastIndexOf('/'))
        if (folder !== '' && folder !== path && rules.prunes(folder)) expect(each.ignored).toContain(path)
      }
    },
  )
})
