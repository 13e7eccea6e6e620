// Bundles src/ into dist/: ESM chunks for the command line and the library, the Jinja macro packages beside them.
// Runs on install (npm's `prepare`), so a checkout works right after `npm ci`, and for `npm pack`.
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const src = join(root, 'src')
const target = join(root, 'dist')
// Built aside and swapped in, so that a running tool never sees half a build.
const dist = join(root, `.dist-${process.pid}`)
const pkg = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Every `.sql`/`.yml`/`.md` macro package file under `dir`, as paths relative to it, sorted. */
function packageFiles(dir, base = dir) {
  return readdirSync(dir)
    .sort()
    .flatMap((name) => {
      const path = join(dir, name)
      if (statSync(path).isDirectory()) return packageFiles(path, base)
      return /\.(sql|yml|md)$/.test(name) ? [relative(base, path)] : []
    })
}

/**
 * Packages that are bundled. Of node-sql-parser only single dialects are needed, 0.3 MB each of its 89; the others are
 * in every command's way, and to find and read them as packages costs more than they do. Their licences go along.
 */
const IN_EVERY_COMMAND = {
  'js-yaml': 'dist/js-yaml.mjs',
  ignore: 'index.js',
  '@duckdb/node-api': 'lib/index.js',
}
const bundled = {
  name: 'bundled',
  setup: ({ onLoad, onResolve }) => {
    onResolve({ filter: /^node-sql-parser\/build\// }, ({ path }) => ({ path: join(root, 'node_modules', path) }))
    onResolve({ filter: /^(js-yaml|ignore|@duckdb\/node-api)$/ }, ({ path }) => ({
      path: join(root, 'node_modules', path, IN_EVERY_COMMAND[path]),
      sideEffects: false,
    }))
    // What the bundled half of DuckDB's driver requires, its binary half, is found as Node's own `require` finds it.
    onResolve({ filter: /^(@duckdb\/node-bindings|os)$/ }, ({ path, kind }) =>
      kind === 'require-call' ? { path, namespace: 'required' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `import { createRequire } from 'node:module'
export default createRequire(import.meta.url)(${JSON.stringify(path)})`,
    }))
  },
}

/** Parts of Node that few commands use, 4 ms each: the script has them when they are first used. */
const LATE = /^(?:node:)?(child_process|worker_threads|perf_hooks|http|https|readline|readline\/promises)$/
const late = {
  name: 'late',
  setup: ({ onLoad, onResolve }) => {
    onResolve({ filter: LATE }, ({ path, namespace }) =>
      namespace === 'late' ? undefined : { path: LATE.exec(path)[1], namespace: 'late' },
    )
    onLoad({ filter: /.*/, namespace: 'late' }, async ({ path }) => {
      const names = Object.keys(await import(`node:${path}`)).filter((name) => name !== 'default')
      const getters = names.map((name) => `get ${name}() { return load().${name} }`)
      return {
        contents: `let loaded
const load = () => (loaded ??= require('node:${path}'))
module.exports = { ${getters.join(', ')} }`,
      }
    })
    // Parsers that most commands do not ask lie beside the script, as they are.
    onResolve({ filter: /^node-sql-parser\/build\// }, ({ path }) => ({
      path: `../dist/sql-parser/${basename(path, '.js')}.cjs`,
      external: true,
    }))
    // What a script can hold as well, being no module: the reader of arguments, and the half of DuckDB's driver that
    // finds the binary half, with what it asks which C library this is.
    onResolve({ filter: /^(commander|@duckdb\/node-bindings|detect-libc)$/ }, ({ path }) => ({
      path: createRequire(join(root, 'node_modules/@duckdb/node-bindings/duckdb.js')).resolve(path),
    }))
  },
}

/** The licences of what is bundled, as they ask for. */
function licences(packages) {
  return packages
    .map((name) => {
      const folder = join(root, 'node_modules', name)
      const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
      const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim()
      return `${name} ${version} (${license})\n\n${text}\n`
    })
    .join(`\n${'-'.repeat(80)}\n\n`)
}

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist, { recursive: true })
/** Names stay, for stack traces that can be read; what is scanned at every start is a third shorter. */
const FOR_NODE = {
  outdir: dist,
  bundle: true,
  platform: 'node',
  target: 'node20',
  packages: 'external',
  plugins: [bundled],
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
}
const VERSION = { __PLUMB_VERSION__: JSON.stringify(pkg.version) }
await build({
  ...FOR_NODE,
  entryPoints: {
    'cli/main': join(src, 'cli/main.ts'),
    index: join(src, 'index.ts'),
    // A thread of its own: lineage.
    'sql-worker': join(src, 'sql/analyze/worker.ts'),
  },
  splitting: true,
  format: 'esm',
  chunkNames: 'chunks/[name]-[hash]',
  sourcemap: 'linked',
  sourcesContent: false,
  define: VERSION,
})

// The command line once more, as one script: Node before 22 keeps nothing of compiled modules, but a script's compiled
// code can be kept by its launcher (bin/compiled.js). Its first line says which script it is.
const { outputFiles, metafile } = await build({
  metafile: true,
  ...FOR_NODE,
  plugins: [late, bundled],
  entryPoints: [join(src, 'cli/main.ts')],
  format: 'cjs',
  write: false,
  define: { ...VERSION, 'import.meta.url': 'moduleUrl' },
})
const imported = Object.values(metafile.outputs).flatMap((output) => output.imports)
for (const parser of new Set(
  imported.map(({ path }) => path).filter((path) => path.startsWith('../dist/sql-parser/')),
)) {
  const from = join(root, 'node_modules/node-sql-parser/build', `${basename(parser, '.cjs')}.js`)
  mkdirSync(join(dist, 'sql-parser'), { recursive: true })
  cpSync(from, join(dist, 'sql-parser', basename(parser)))
}
// A script that comes from kept code cannot import modules by itself.
const IMPORT = /\bimport\(("[^"]+")\)/g
const modules = imported.filter(({ kind }) => kind === 'dynamic-import').map(({ path }) => path)
const written = new Set([...outputFiles[0].text.matchAll(IMPORT)].map(([, path]) => JSON.parse(path)))
if (written.size !== new Set(modules).size || modules.some((path) => !written.has(path)))
  throw new Error(`modules that the script imports: ${[...written]} instead of ${modules}`)
const text = outputFiles[0].text.replace(IMPORT, 'importModule($1)')
const script = `(function(exports,require,module,moduleUrl,importModule){${text}\n})`
const name = createHash('sha256').update(script).digest('hex').slice(0, 16)
writeFileSync(join(dist, 'cli/script.cjs'), `// ${name}\n${script}\n`)
writeFileSync(
  join(dist, 'THIRD-PARTY-LICENSES.txt'),
  licences([
    'js-yaml',
    'ignore',
    'commander',
    '@duckdb/node-api',
    '@duckdb/node-bindings',
    'detect-libc',
    'node-sql-parser',
  ]),
)

// The browser application. It takes the selection code of src/graph with it, which asks nothing of Node in a browser.
const ABSENT = {
  'node:fs': 'export const existsSync = () => true',
  'node:path': 'export const join = (...parts) => parts.join("/")',
  'node:module':
    'export const createRequire = () => () => { throw new Error("there are no cycles in a built project") }',
}
const withoutNode = {
  name: 'without-node',
  setup(bundler) {
    bundler.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'without-node' }))
    bundler.onLoad({ filter: /.*/, namespace: 'without-node' }, ({ path }) => ({ contents: ABSENT[path] ?? '' }))
  },
}
const webOptions = {
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  plugins: [withoutNode],
  define: { 'process.platform': '"browser"', __PLUMB_VERSION__: JSON.stringify(pkg.version) },
  logLevel: 'warning',
}
await build({
  ...webOptions,
  entryPoints: [
    { in: join(src, 'web/main.tsx'), out: 'app' },
    { in: join(src, 'web/style.css'), out: 'app' },
  ],
  outdir: join(dist, 'web'),
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
})
// The same in one piece, for pages that are a single file.
await build({ ...webOptions, entryPoints: [join(src, 'web/main.tsx')], outfile: join(dist, 'page/app.js') })
cpSync(join(src, 'web/index.html'), join(dist, 'web/index.html'))

// The built-in macro packages: src/macros (package `dbt`) and src/adapters/<type>/macros (package `dbt_<type>`).
const packages = [['dbt', join(src, 'macros')]]
for (const type of readdirSync(join(src, 'adapters'))) {
  const dir = join(src, 'adapters', type, 'macros')
  if (existsSync(dir)) packages.push([`dbt_${type}`, dir])
}
for (const [name, dir] of packages) {
  const copy = join(dist, 'macros', name)
  for (const file of packageFiles(dir)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    cpSync(join(dir, file), join(copy, file))
  }
}
writeFileSync(join(dist, 'build.json'), JSON.stringify({ version: pkg.version, builtAt: new Date().toISOString() }))

const old = join(root, `.dist-old-${process.pid}`)
if (existsSync(target)) renameSync(target, old)
renameSync(dist, target)
rmSync(old, { recursive: true, force: true })
