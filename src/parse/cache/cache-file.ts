import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { PlumbEvent } from '../../core/event.js'
import { exactJson } from '../../core/exact-json.js'
import type { SourceOrigin } from '../../jinja/index.js'
import type { CacheReasons, FileStamp } from './cache-key.js'
import type { FloatPlace } from './python-floats.js'

/** The parse cache's name in the target folder. */
export const PARSE_CACHE_FILE = 'partial_parse.plumb'

/** One section of the manifest in the file: where its JSON lies. */
export interface SectionPlace {
  readonly start: number
  readonly length: number
  /** Python's floats in it, which JSON does not tell from integers. */
  readonly floats: readonly FloatPlace[]
}

/** What stands at the end of the file: enough to say whether the rest still holds. */
export interface CacheHeader {
  readonly key: string
  readonly reasons: CacheReasons
  readonly files: readonly FileStamp[]
  readonly environment: Readonly<Record<string, string>>
  /** Where macros begin in their files, where that is not the file's start. */
  readonly origins: Readonly<Record<string, SourceOrigin>>
  /** Did the parse have something to say? Then a parse of changed files only would say less. */
  readonly warned: boolean
  /** Warnings that are given each time, also when nothing has changed. */
  readonly repeated: readonly PlumbEvent[]
  readonly sections: Readonly<Record<string, SectionPlace>>
}

/** The file begins with this and ends with the header's length, in so many digits. */
const BEGINNING = 'plumb parse\n'
const LENGTH_DIGITS = 12

/**
 * A cache file opened: the header is read, the body when somebody asks for it. The file stays open until then, so that
 * what is read later belongs to the header even if another process has put a newer cache in its place.
 */
export class CacheFile {
  #descriptor: number | null
  #body: Buffer | undefined

  private constructor(
    readonly header: CacheHeader,
    descriptor: number,
    readonly bodyEnd: number,
  ) {
    this.#descriptor = descriptor
  }

  /** @throws when the file is absent, cut off, or no cache of this version. */
  static open(path: string): CacheFile {
    const descriptor = openSync(path, 'r')
    try {
      if (readAt(descriptor, 0, BEGINNING.length).toString('latin1') !== BEGINNING) throw new RangeError('no cache')
      const end = fstatSync(descriptor).size - LENGTH_DIGITS
      const length = Number(readAt(descriptor, end, LENGTH_DIGITS).toString('latin1'))
      if (!(length > 0 && length < end)) throw new RangeError('cut off')
      const header = JSON.parse(readAt(descriptor, end - length, length).toString('utf8')) as CacheHeader
      return new CacheFile(header, descriptor, end - length)
    } catch (error) {
      closeSync(descriptor)
      throw error
    }
  }

  /** The JSON of a section. */
  section(place: SectionPlace): string {
    if (this.#body === undefined) {
      if (this.#descriptor === null) throw new RangeError('the cache file is closed')
      this.#body = readAt(this.#descriptor, 0, this.bodyEnd)
      this.close()
    }
    return this.#body.toString('utf8', place.start, place.start + place.length)
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor)
    this.#descriptor = null
  }
}

function readAt(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  for (let done = 0; done < length; ) {
    const count = readSync(descriptor, bytes, done, length - done, position + done)
    if (count === 0) throw new RangeError('cut off')
    done += count
  }
  return bytes
}

/**
 * Writes a cache file aside and puts it in place in one go. Section by section: a large manifest as one text would
 * double the memory.
 * @param sections name, JSON and floats of each section
 * @throws when it cannot be written; what was there before is untouched.
 */
export function writeCacheFile(
  path: string,
  about: Omit<CacheHeader, 'sections'>,
  sections: readonly { readonly name: string; readonly json: () => string; readonly floats: readonly FloatPlace[] }[],
): void {
  mkdirSync(dirname(path), { recursive: true })
  const aside = `${path}.${process.pid}.tmp`
  try {
    const file = openSync(aside, 'w')
    try {
      const places: Record<string, SectionPlace> = {}
      let start = writeText(file, BEGINNING)
      for (const { name, json, floats } of sections) {
        const length = writeText(file, json())
        places[name] = { start, length, floats }
        start += length
      }
      const length = writeText(file, exactJson({ ...about, sections: places } satisfies CacheHeader))
      writeText(file, String(length).padStart(LENGTH_DIGITS, '0'))
    } finally {
      closeSync(file)
    }
    renameSync(aside, path)
  } catch (error) {
    rmSync(aside, { force: true })
    throw error
  }
}

/** Writes a text behind what is there; gives its length in bytes. */
function writeText(file: number, text: string): number {
  const bytes = Buffer.from(text, 'utf8')
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
  return bytes.length
}
