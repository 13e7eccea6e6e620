#!/usr/bin/env node
// The launcher: what must happen before anything is imported.
import { readFileSync } from 'node:fs'
import module from 'node:module'
import v8 from 'node:v8'

const argv = process.argv.slice(2)

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V' || argv[0] === '-v')) {
  // Answered here, because loading the tool to say its version would cost more than the answer.
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  process.stdout.write(`plumb ${version}\n`)
} else {
  // Node 22 and newer keep what compiling our modules gave: a third of a short command's time.
  module.enableCompileCache?.()
  // Node 20's V8 optimises functions too early for commands that are over within a second, which costs more than it
  // gives (a parse of 1,000 models: 30 % of its processor time). Newer ones have no such setting, and complain of it.
  if (process.versions.v8.startsWith('11.')) v8.setFlagsFromString('--interrupt-budget=500000')
  // Room for young objects grows to its limit at once, so that they are not copied twice; how much there is at the
  // start can no longer be set here.
  v8.setFlagsFromString('--semi-space-growth-factor=16')
  // Every running DuckDB query holds a libuv thread; the default pool of 4 starves everything else.
  process.env['UV_THREADPOOL_SIZE'] ??= '16'
  const compiled =
    module.enableCompileCache === undefined ? (await import('./compiled.js')).loadCompiled(argv) : undefined
  let main = compiled?.main
  try {
    main ??= (await import('../dist/cli/main.js')).main
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.message).includes('dist/cli/main.js')) throw error
    process.stderr.write('plumb: this checkout is not built yet. Run: npm run build\n')
    process.exit(2)
  }
  process.exitCode = await main(argv)
  compiled?.keep(process.exitCode)
}
