import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { diagnostic, PlumbError } from '../core/diagnostic.js'

/**
 * Writes a file in one piece for whoever reads it: into a temporary file beside it, then renamed over it. While one
 * chunk is being written the next is made, so a large artifact never stands in memory as a whole.
 * @throws PlumbError `artifact-not-written` (disk full, no permission); the old file is then untouched.
 */
export async function writeFileAtomically(path: string, chunks: Iterable<string>): Promise<void> {
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    const handle = await open(temporary, 'w')
    try {
      let writing: Promise<unknown> = Promise.resolve()
      for (const chunk of chunks) {
        const bytes = Buffer.from(chunk, 'utf8')
        await writing
        writing = writeAll(handle, bytes)
      }
      await writing
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error instanceof PlumbError || !(error instanceof Error && 'code' in error) ? error : notWritten(path, error)
  }
}

async function writeAll(handle: Awaited<ReturnType<typeof open>>, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done)
    done += bytesWritten
  }
}

function notWritten(path: string, error: Error): PlumbError {
  return new PlumbError(
    diagnostic('runtime', 'artifact-not-written', `Could not write ${path}: ${error.message}`, {
      hint: 'what was there before is untouched; `--target-path` writes elsewhere, `--no-write-json` writes nothing',
    }),
    error,
  )
}

const CHUNK = 1 << 20

/** Joins small pieces of text into chunks of about a million characters. */
export function* inChunks(pieces: Iterable<string>): Generator<string> {
  let buffer = ''
  for (const piece of pieces) {
    buffer += piece
    if (buffer.length >= CHUNK) {
      yield buffer
      buffer = ''
    }
  }
  if (buffer !== '') yield buffer
}
