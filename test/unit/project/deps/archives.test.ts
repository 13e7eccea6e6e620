import { createHash } from 'node:crypto'
import { existsSync, linkSync, symlinkSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { create, Header } from 'tar'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PlumbError } from '../../../../src/core/diagnostic.js'
import { entryFault, expectedHash } from '../../../../src/project/deps/archive.js'
import { ROOT_PROJECT, World } from './world.js'

let world: World
beforeEach(async () => {
  world = new World()
  await world.start()
})
afterEach(() => world.close())

async function install(body: Buffer, fragment = ''): Promise<PlumbError | undefined> {
  world.serve('/x.tar.gz', body)
  world.write('project', {
    'dbt_project.yml': ROOT_PROJECT,
    'packages.yml': `packages:\n  - tarball: "${world.url}x.tar.gz${fragment}"\n    name: tools\n`,
  })
  return world.deps().then(
    () => undefined,
    (error: PlumbError) => error,
  )
}

/** An archive with entries as an attacker would write them. */
function forged(
  entries: { path: string; type?: 'File' | 'SymbolicLink' | 'Link'; linkpath?: string; body?: string }[],
): Buffer {
  const blocks: Buffer[] = []
  for (const { path, type = 'File', linkpath, body = '' } of entries) {
    const header = new Header({
      path,
      type,
      ...(linkpath === undefined ? {} : { linkpath }),
      mode: 0o644,
      size: Buffer.byteLength(body),
      mtime: new Date(0),
    })
    header.encode()
    blocks.push(header.block!, Buffer.from(body), Buffer.alloc((512 - (Buffer.byteLength(body) % 512)) % 512))
  }
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]))
}

describe('tarball packages', () => {
  it('are unpacked under the name of the entry', async () => {
    const body = await world.archive('tools-main', { 'dbt_project.yml': 'name: other\n', 'macros/m.sql': 'x' })
    expect(await install(body)).toBeUndefined()
    expect(world.read('project/dbt_packages/tools/macros/m.sql')).toBe('x')
    expect(world.read('project/package-lock.yml')).toContain(`  - name: tools\n    tarball: ${world.url}x.tar.gz\n`)
  })

  it('keep links inside of themselves', async () => {
    world.write('archives/tools-1', { 'dbt_project.yml': 'name: tools\n', 'macros/m.sql': 'x' })
    symlinkSync('m.sql', world.path('archives/tools-1/macros/link.sql'))
    linkSync(world.path('archives/tools-1/macros/m.sql'), world.path('archives/tools-1/macros/hard.sql'))
    const file = world.path('archives/t.tar.gz')
    await create({ gzip: true, file, cwd: world.path('archives') }, ['tools-1'])
    expect(await install(await import('node:fs').then((fs) => fs.readFileSync(file)))).toBeUndefined()
    expect(world.read('project/dbt_packages/tools/macros/link.sql')).toBe('x')
    expect(world.read('project/dbt_packages/tools/macros/hard.sql')).toBe('x')
  })

  it.each([
    ['a path that climbs out', [{ path: '../../evil.sql', body: 'x' }]],
    ['an absolute path', [{ path: '/tmp/plumb-evil.sql', body: 'x' }]],
    ['a link out', [{ path: 'tools/l', type: 'SymbolicLink' as const, linkpath: '../../secret' }]],
    ['an absolute link', [{ path: 'tools/l', type: 'SymbolicLink' as const, linkpath: '/etc/passwd' }]],
    ['a hard link out', [{ path: 'tools/l', type: 'Link' as const, linkpath: '../secret' }]],
  ])('are refused with %s, before anything is written', async (_name, entries) => {
    writeFileSync(world.path('secret'), 'secret')
    const error = await install(forged([{ path: 'tools/dbt_project.yml', body: 'name: tools\n' }, ...entries]))
    expect(error?.first.code).toBe('archive-unsafe')
    expect(existsSync(world.path('evil.sql'))).toBe(false)
    expect(existsSync('/tmp/plumb-evil.sql')).toBe(false)
    expect(existsSync(world.path('project/dbt_packages'))).toBe(false)
  })

  it('are refused when cut off or not one folder', async () => {
    const body = await world.archive('tools-main', {
      'dbt_project.yml': 'name: tools\n',
      'big.sql': 'x'.repeat(100_000),
    })
    expect((await install(body.subarray(0, body.length - 20)))?.first.code).toBe('archive-broken')
    expect((await install(Buffer.alloc(0)))?.first.code).toBe('archive-broken')
    const two = forged([
      { path: 'a/dbt_project.yml', body: 'name: a\n' },
      { path: 'b/x', body: 'y' },
    ])
    expect((await install(two))?.first.message).toContain('The extracted package needs to follow the structure')
  })

  it('are checked against the hash in their address', async () => {
    const body = await world.archive('tools-main', { 'dbt_project.yml': 'name: tools\n' })
    const hash = createHash('sha256').update(body).digest('hex')
    expect(await install(body, `#sha256=${hash}`)).toBeUndefined()
    const other = await world.archive('tools-evil', { 'dbt_project.yml': 'name: tools\n', 'm.sql': 'evil' })
    expect((await install(other, `#sha256=${hash}`))?.first.code).toBe('archive-hash')
  })

  it('have names that stay in their folder', async () => {
    world.write('project', {
      'dbt_project.yml': ROOT_PROJECT,
      'packages.yml': `packages:\n  - tarball: "${world.url}x.tar.gz"\n    name: ../evil\n`,
    })
    const error = (await world.deps().catch((thrown: unknown) => thrown)) as PlumbError
    expect(error.first.message).toContain("Invalid package name '../evil'")
  })
})

it('entryFault knows what leaves a folder', () => {
  expect(entryFault('a/../b', 'File', undefined)).toBeUndefined()
  expect(entryFault('a/../../b', 'File', undefined)).toBeDefined()
  expect(entryFault('a/b/c', 'SymbolicLink', '../../a/x')).toBeUndefined()
  expect(entryFault('a/b', 'SymbolicLink', '../../x')).toBeDefined()
  expect(entryFault('c:\\x', 'File', undefined)).toBeDefined()
  expect(entryFault('dev', 'CharacterDevice', undefined)).toBeDefined()
})

it('expectedHash reads the fragment', () => {
  const hash = 'a'.repeat(64)
  expect(expectedHash(`https://x/y.tgz#egg=1&sha256=${hash}`)).toBe(hash)
  expect(expectedHash('https://x/y.tgz')).toBeUndefined()
})
