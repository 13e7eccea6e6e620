// Bundles src/ into dist/: ESM chunks for the command line and the library, the Jinja macro packages beside them.
// Runs on install (npm's `prepare`), so a checkout works right after `npm ci`, and for `npm pack`.
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
import { dirname, join, relative } from 'node:path'
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
const IN_EVERY_COMMAND = { 'js-yaml': 'dist/js-yaml.mjs', ignore: 'index.js', '@duckdb/node-api': 'lib/index.js' }
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
await build({
  entryPoints: {
    'cli/main': join(src, 'cli/main.ts'),
    index: join(src, 'index.ts'),
    // A thread of its own: lineage.
    'sql-worker': join(src, 'sql/analyze/worker.ts'),
  },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  plugins: [bundled],
  chunkNames: 'chunks/[name]-[hash]',
  sourcemap: 'linked',
  sourcesContent: false,
  // Names stay, for stack traces that can be read; what is scanned at every start is a third shorter.
  minifyWhitespace: true,
  minifySyntax: true,
  define: { __PLUMB_VERSION__: JSON.stringify(pkg.version) },
  logLevel: 'warning',
})
writeFileSync(
  join(dist, 'THIRD-PARTY-LICENSES.txt'),
  licences(['js-yaml', 'ignore', '@duckdb/node-api', 'node-sql-parser']),
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
await build({
  entryPoints: [
    { in: join(src, 'web/main.tsx'), out: 'app' },
    { in: join(src, 'web/style.css'), out: 'app' },
  ],
  outdir: join(dist, 'web'),
  bundle: true,
  splitting: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  plugins: [withoutNode],
  chunkNames: 'chunks/[name]-[hash]',
  define: { 'process.platform': '"browser"', __PLUMB_VERSION__: JSON.stringify(pkg.version) },
  logLevel: 'warning',
})
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
