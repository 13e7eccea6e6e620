import { execFileSync, spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** What MetricFlow made of a question. */
export interface Verdict {
  readonly id: number
  readonly sql?: string
  /** It refuses the question. */
  readonly refused?: string
  /** It fails over it. */
  readonly broken?: string
  /** Of a manifest: messages by rule; null where the rule fails. */
  readonly errors?: Readonly<Record<string, readonly string[] | null>>
}

/** The Python that has MetricFlow: `PLUMB_METRICFLOW_PYTHON`, or the one on the path; undefined if it has not. */
export function metricflowPython(): string | undefined {
  const python = process.env.PLUMB_METRICFLOW_PYTHON ?? 'python3'
  try {
    execFileSync(python, ['-c', 'import metricflow'], { stdio: 'ignore' })
    return python
  } catch {
    return undefined
  }
}

/** Asks MetricFlow all questions in one process; answers in order. */
export async function askMetricflow(python: string, questions: readonly object[], script: string): Promise<Verdict[]> {
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'ignore'] })
  const verdicts: Verdict[] = []
  const lines = createInterface({ input: child.stdout })
  const read = (async () => {
    for await (const line of lines) verdicts.push(JSON.parse(line) as Verdict)
  })()
  for (const question of questions) child.stdin.write(`${JSON.stringify(question)}\n`)
  child.stdin.end()
  await read
  return verdicts
}

/** The script beside this file, also when it was bundled elsewhere and runs from the repository's root. */
export function oracleScript(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  return here.endsWith('metricflow') ? join(here, 'differential.py') : 'test/conformance/metricflow/differential.py'
}
