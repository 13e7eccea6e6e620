// Times whole processes: CPU seconds (user + system, children included), the figure that a loaded machine distorts least.
import { spawnSync } from 'node:child_process'

/**
 * Runs a command and says what it cost.
 * @returns {{ cpu: number, wall: number, rssMb: number | null, code: number, output: string }}
 */
export function once(command, args, { cwd, env } = {}) {
  const started = performance.now()
  const script = 'TIMEFORMAT="@cpu %U %S"; time "$@"'
  const result = spawnSync('bash', ['-c', script, 'bash', command, ...args], {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const wall = (performance.now() - started) / 1000
  const times = /@cpu ([\d.]+) ([\d.]+)\s*$/.exec(result.stderr)
  if (times === null) throw new Error(`could not time ${command}: ${result.stderr.slice(-2000)}`)
  return { cpu: Number(times[1]) + Number(times[2]), wall, code: result.status, output: result.stdout + result.stderr }
}

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

/**
 * Times several commands in turn (A B A B ...), so that a drifting machine hits all of them alike.
 * @param {{ name: string, command: string, args: string[], cwd?: string, env?: object, before?: () => void, ok?: number[] }[]} contestants
 * @returns medians by name, of CPU and wall seconds, and the last exit code
 */
export function race(contestants, { runs = 5, warmup = 1 } = {}) {
  const seen = new Map(contestants.map((c) => [c.name, []]))
  for (let i = 0; i < runs + warmup; i++) {
    for (const c of contestants) {
      c.before?.()
      const result = once(c.command, c.args, c)
      if (!(c.ok ?? [0]).includes(result.code))
        throw new Error(`${c.name} ended with ${result.code}:\n${result.output.slice(-3000)}`)
      if (i >= warmup) seen.get(c.name).push(result)
    }
  }
  return new Map(
    [...seen].map(([name, list]) => [
      name,
      { cpu: median(list.map((r) => r.cpu)), wall: median(list.map((r) => r.wall)), code: list.at(-1)?.code ?? 0 },
    ]),
  )
}

/** Prints a table with each contestant's ratio to the first. */
export function report(title, results) {
  const [first] = results.values()
  console.log(`\n${title}`)
  for (const [name, { cpu, wall, code }] of results) {
    console.log(
      `  ${name.padEnd(34)} cpu ${cpu.toFixed(3).padStart(8)} s   wall ${wall.toFixed(3).padStart(8)} s   ${(cpu / first.cpu).toFixed(2)}x${code === 0 || code === undefined ? '' : `   ended with ${code}`}`,
    )
  }
}
