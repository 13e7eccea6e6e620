import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import module from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { REPO, type TestProject, testProject } from '../../support/project.js'

/** Newer versions of Node keep what compiling modules gave, by themselves. */
const keepsItself = 'enableCompileCache' in module

describe.skipIf(keepsItself)('the script whose compiled code is kept', () => {
  let tool: string
  let project: TestProject
  let kept: string

  beforeAll(() => {
    // A copy of the tool, whose folder can be spoilt.
    tool = mkdtempSync(join(tmpdir(), 'plumb-tool-'))
    for (const name of ['bin', 'dist', 'package.json']) cpSync(join(REPO, name), join(tool, name), { recursive: true })
    symlinkSync(join(REPO, 'node_modules'), join(tool, 'node_modules'))
    kept = join(tool, 'dist/compiled')
    project = testProject({ models: { 'a.sql': 'select 1 as id' } })
  })
  beforeEach(() => rmSync(kept, { recursive: true, force: true }))
  afterAll(() => {
    rmSync(tool, { recursive: true, force: true })
    project.dispose()
  })

  const run = (args: string[], env: Record<string, string> = {}) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(tool, 'bin/plumb.js'), ...args], {
      cwd: project.dir,
      env: { PATH: process.env['PATH'] ?? '', HOME: project.dir, DBT_PROFILES_DIR: project.dir, ...env },
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    return { status, stdout }
  }
  const listed = { status: 0, stdout: 'test.a\n' }
  const files = (folder = kept) => readdirSync(folder).filter((name) => name.endsWith('.bin'))

  it('is compiled once for each command', () => {
    expect(run(['ls', '--quiet'])).toEqual(listed)
    const [file, ...more] = files()
    expect(more).toEqual([])
    expect(file).toMatch(/^[0-9a-f]{16}-[0-9a-f]+-ls\.bin$/)
    const first = statSync(join(kept, file!)).mtimeMs
    expect(run(['ls', '--quiet'])).toEqual(listed)
    expect(statSync(join(kept, file!)).mtimeMs).toBe(first)
    expect(run(['parse']).status).toBe(0)
    expect(files()).toHaveLength(2)
  })

  it('is not kept of help, nor of what could not run', () => {
    expect(run(['build', '--help']).status).toBe(0)
    const { status } = spawnSync(process.execPath, [join(tool, 'bin/plumb.js'), 'nonsense'], { cwd: project.dir })
    expect(status).toBe(2)
    expect(files()).toEqual([])
  })

  it('is compiled anew when what was kept is cut short', () => {
    run(['ls', '--quiet'])
    const file = join(kept, files()[0]!)
    const whole = readFileSync(file)
    writeFileSync(file, whole.subarray(0, whole.length / 2))
    expect(run(['ls', '--quiet'])).toEqual(listed)
    expect(statSync(file).size).toBeGreaterThan(whole.length / 2)
  })

  it('is compiled anew when what was kept has other bytes', () => {
    run(['ls', '--quiet'])
    const file = join(kept, files()[0]!)
    const whole = readFileSync(file)
    writeFileSync(file, Buffer.from(whole).fill(0x5a, 200_000, 400_000))
    expect(run(['ls', '--quiet'])).toEqual(listed)
    expect(
      readFileSync(file)
        .subarray(200_000, 400_000)
        .every((byte) => byte === 0x5a),
    ).toBe(false)
  })

  it('is kept in the cache of the user where the tool may not write', () => {
    writeFileSync(kept, 'no folder')
    const cache = join(project.dir, 'cache')
    expect(run(['ls', '--quiet'], { XDG_CACHE_HOME: cache })).toEqual(listed)
    expect(files(join(cache, 'plumbline/compiled'))).toHaveLength(1)
  })

  it('gives way to modules where nothing can be kept', () => {
    writeFileSync(kept, 'no folder')
    writeFileSync(join(project.dir, 'file'), '')
    expect(run(['ls', '--quiet'], { XDG_CACHE_HOME: join(project.dir, 'file') })).toEqual(listed)
    rmSync(kept)
    expect(run(['ls', '--quiet'], { NODE_DISABLE_COMPILE_CACHE: '1' })).toEqual(listed)
    expect(existsSync(kept)).toBe(false)
  })

  it('makes room by dropping what other versions left', () => {
    mkdirSync(kept)
    for (let i = 0; i < 60; i++) writeFileSync(join(kept, `${`${i}`.padStart(16, '0')}-1-ls.bin`), '')
    expect(run(['ls', '--quiet'])).toEqual(listed)
    expect(files()).toHaveLength(1)
  })

  it('imports modules that stand beside it', () => {
    // Parsers of SQL, and packages: what is imported when it is needed.
    expect(run(['show', '--inline', 'select 1 as id', '--output', 'json']).status).toBe(0)
    for (let time = 0; time < 2; time++) {
      const { status, stdout } = run(['compile', '--check'])
      expect(stdout).toContain('everything fits')
      expect(status).toBe(0)
    }
  })
})
