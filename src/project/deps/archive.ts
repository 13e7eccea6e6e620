import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fail } from '../../core/diagnostic.js'

/**
 * Unpacks a package's `.tar.gz` so that `target` is the one folder the archive holds. Nothing is written when an entry
 * would land outside, by its path or through a link.
 * @throws PlumbError `archive-unsafe`, `archive-broken`, `archive-shape`
 */
export async function unpackPackage(archive: string, target: string, url: string): Promise<void> {
  const { list, extract } = await import('tar')
  const faults: string[] = []
  let entries = 0
  const broken = (error: unknown): never =>
    fail('dependency', 'archive-broken', `The archive from ${url} cannot be unpacked: ${(error as Error).message}`)
  try {
    await list({
      file: archive,
      strict: true,
      onReadEntry: (entry) => {
        entries++
        const fault = entryFault(entry.path, entry.type, entry.linkpath)
        if (fault !== undefined) faults.push(fault)
      },
    })
  } catch (error) {
    broken(error)
  }
  if (faults.length > 0) {
    fail('dependency', 'archive-unsafe', `The archive from ${url} was not unpacked: ${faults[0]}`, {
      hint: 'a package must keep to its own folder; tell whoever publishes it',
    })
  }
  if (entries === 0) broken(new Error('it is empty'))
  const staging = `${target}.unpacking`
  rmSync(staging, { recursive: true, force: true })
  mkdirSync(staging, { recursive: true })
  await extract({ file: archive, cwd: staging, strict: true }).catch(broken)
  const names = readdirSync(staging).filter((name) => name !== 'pax_global_header')
  if (names.length !== 1 || !statSync(join(staging, names[0]!)).isDirectory()) {
    rmSync(staging, { recursive: true, force: true })
    fail(
      'dependency',
      'archive-shape',
      `Incorrect structure for package extracted from ${url}.` +
        'The extracted package needs to follow the structure <package>/<package_contents>.',
    )
  }
  rmSync(target, { recursive: true, force: true })
  mkdirSync(dirname(target), { recursive: true })
  renameSync(join(staging, names[0]!), target)
  rmSync(staging, { recursive: true, force: true })
}

/** Why an entry must not be unpacked; undefined when it may. Paths are relative to where the archive is unpacked. */
export function entryFault(path: string, type: string, linkpath: string | undefined): string | undefined {
  if (escapes(path)) return `'${path}' lies outside of it`
  // A symbolic link counts from its own folder, a hard link from the archive's root.
  if (type === 'SymbolicLink' && escapes(posix.join(posix.dirname(path), linkpath ?? ''), linkpath)) {
    return `the link '${path}' points out of it (${linkpath})`
  }
  if (type === 'Link' && escapes(linkpath ?? '')) return `the link '${path}' points out of it (${linkpath})`
  if (type.endsWith('Device') || type === 'FIFO') return `'${path}' is a device`
  return undefined
}

function escapes(path: string, written = path): boolean {
  if (written.startsWith('/') || /^[a-zA-Z]:/.test(written) || written.includes('\\')) return true
  const clean = posix.normalize(path)
  return clean === '..' || clean.startsWith('../')
}

/** `#sha256=<hex>` behind a tarball's URL: what its content must hash to. */
export function expectedHash(url: string): string | undefined {
  return /#(?:.*&)?sha256=([0-9a-fA-F]{64})(?:&|$)/.exec(url)?.[1]?.toLowerCase()
}

/** Compares a download with the hash in its URL, when there is one. @throws PlumbError `archive-hash` */
export function checkHash(archive: string, url: string): void {
  const expected = expectedHash(url)
  if (expected === undefined) return
  const actual = createHash('sha256').update(readFileSync(archive)).digest('hex')
  if (actual === expected) return
  fail('dependency', 'archive-hash', `The archive from ${url} is not the expected one: its sha256 is ${actual}`, {
    hint: 'if the new content is wanted, change the hash in packages.yml',
  })
}
