// The command line as one script whose compiled code is kept, for Node before 22, which keeps none of modules itself:
// compiling is a third of a short command.
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import v8 from 'node:v8'
import vm from 'node:vm'
import zlib from 'node:zlib'

/** Bytes of the checksum that a kept file begins with: V8 itself looks at the length only, and dies of flipped bits. */
const CHECKSUM = 4

/** More commands than there are, so that odd arguments do not fill the folder. */
const MOST_KEPT = 60

/**
 * Loads the script.
 * @param {readonly string[]} argv
 * @returns {{ main: (argv: readonly string[]) => Promise<number>, keep: (code: number) => void } | undefined}
 *   `keep` is called when the command has ended; undefined where modules serve better: nothing is kept and nothing could
 *   be, or somebody looks at the modules
 */
export function loadCompiled(argv) {
  const watched = process.execArgv.length > 0 || process.env.NODE_OPTIONS || process.env.NODE_V8_COVERAGE
  // A server starts once, and V8 knows more of modules than of a script's inside when it optimises what runs for long.
  if (watched || process.env.NODE_DISABLE_COMPILE_CACHE || argv[0] === 'serve' || !zlib.crc32) return
  const filename = fileURLToPath(new URL('../dist/cli/script.cjs', import.meta.url))
  let source
  try {
    source = readFileSync(filename, 'latin1')
  } catch {
    return
  }
  const script = /^\/\/ ([0-9a-f]{16})\n/.exec(source)?.[1]
  if (script === undefined) return
  // What is compiled belongs to a script, a V8 with its flags, and a command: each uses other functions.
  const verb = /^[a-z]+(?:-[a-z]+)*$/.test(argv[0] ?? '') ? argv[0] : 'none'
  const file = `${script}-${v8.cachedDataVersionTag().toString(16)}-${verb}.bin`
  const found = findKept(file)
  if (found === undefined) return
  const { folder, cachedData } = found
  const compiled = new vm.Script(source, { filename, cachedData })
  const module = { exports: {} }
  // Modules look for what lies beside them from where chunks lie.
  const moduleUrl = new URL('../dist/chunks/script.cjs', import.meta.url).href
  compiled.runInThisContext()(module.exports, createRequire(filename), module, moduleUrl, (name) => import(name))
  return {
    main: module.exports.main,
    keep(code) {
      // Code 2: there was no such command, or it did not come far.
      const isPart = code > 1 || argv.includes('--help') || argv.includes('-h')
      if (isPart || (cachedData !== undefined && compiled.cachedDataRejected !== true)) return
      try {
        if (isFull(folder, script)) return
        const aside = join(folder, `.${file}.${process.pid}`)
        const written = openSync(aside, 'w', 0o644)
        const data = compiled.createCachedData()
        writeFileSync(written, Buffer.concat([checksumOf(data), data]))
        fsyncSync(written)
        closeSync(written)
        renameSync(aside, join(folder, file))
      } catch {
        // A full disk: the next command compiles again.
      }
    },
  }
}

function checksumOf(data) {
  const bytes = Buffer.alloc(CHECKSUM)
  bytes.writeUInt32LE(zlib.crc32(data))
  return bytes
}

/** Makes room by dropping what was compiled of other versions. */
function isFull(folder, script) {
  const names = readdirSync(folder)
  if (names.length < MOST_KEPT) return false
  const old = names.filter((name) => name.endsWith('.bin') && !name.startsWith(script))
  for (const name of old) rmSync(join(folder, name), { force: true })
  return names.length - old.length >= MOST_KEPT
}

/**
 * What is kept lies with the script, where who can write could change the script too; else in the user's own cache.
 * @returns undefined when there is nothing, and no place for it either
 */
function findKept(file) {
  const folders = [fileURLToPath(new URL('../dist/compiled/', import.meta.url)), ownFolder()]
  for (const folder of folders) {
    try {
      const kept = readFileSync(join(folder, file))
      const cachedData = kept.subarray(CHECKSUM)
      return checksumOf(cachedData).equals(kept.subarray(0, CHECKSUM)) ? { folder, cachedData } : { folder }
    } catch {
      // Not there.
    }
  }
  for (const folder of folders) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o755 })
      accessSync(folder, constants.W_OK)
      return { folder }
    } catch {
      // Not ours to write.
    }
  }
}

function ownFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'plumbline', 'compiled')
}
