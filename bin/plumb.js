#!/usr/bin/env node
// The launcher: what must happen before anything is imported.
import { readFileSync } from 'node:fs'

const argv = process.argv.slice(2)

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V' || argv[0] === '-v')) {
  // Answered here, because loading the tool to say its version would cost more than the answer.
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  process.stdout.write(`plumb ${version}\n`)
} else {
  // Every running DuckDB query holds a libuv thread; the default pool of 4 starves everything else.
  process.env['UV_THREADPOOL_SIZE'] ??= '16'
  let main
  try {
    ;({ main } = await import('../dist/cli/main.js'))
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.message).includes('dist/cli/main.js')) throw error
    process.stderr.write('plumb: this checkout is not built yet. Run: npm run build\n')
    process.exit(2)
  }
  process.exitCode = await main(argv)
}
