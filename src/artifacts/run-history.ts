import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type RunResultsArtifact, readRunResults } from './run-results.js'

/** Runs that are kept in the target directory. */
const KEPT = 30

/** Commands whose results say something of the state of the warehouse. */
const KEEPS: ReadonlySet<string> = new Set(['build', 'run', 'test', 'seed', 'snapshot'])

/**
 * Keeps the run_results.json that was just written, under `runs/`, beside those of the runs before. A hard link, where
 * the file system has them: the artifact itself is replaced, never written over, so the link keeps the run.
 */
export function keepRun(targetDir: string, command: string, startedAt: Date, invocationId: string): void {
  if (!KEEPS.has(command)) return
  const folder = join(targetDir, 'runs')
  const written = join(targetDir, 'run_results.json')
  const name = `${startedAt.toISOString().replaceAll(':', '-')}.${invocationId}.json`
  try {
    mkdirSync(folder, { recursive: true })
    try {
      linkSync(written, join(folder, name))
    } catch {
      copyFileSync(written, join(folder, name))
    }
    for (const old of namesOf(folder).slice(KEPT)) rmSync(join(folder, old), { force: true })
  } catch {
    // History is a convenience: a run does not fail because there is no room for it.
  }
}

/** The runs that were kept, newest first; what cannot be read is left out. */
export function readRuns(targetDir: string): RunResultsArtifact[] {
  return new RunHistory().read(targetDir)
}

/** The runs of a target directory, for whoever looks again and again: a file is read once, until it changes. */
export class RunHistory {
  #known: ReadonlyMap<string, { readonly stamp: string; readonly run: RunResultsArtifact | undefined }> = new Map()

  /** Newest first; what cannot be read is left out. */
  read(targetDir: string): RunResultsArtifact[] {
    const folder = join(targetDir, 'runs')
    const kept = existsSync(folder) ? namesOf(folder).map((name) => join(folder, name)) : []
    const files = kept.length > 0 ? kept : [join(targetDir, 'run_results.json')]
    const before = this.#known
    this.#known = new Map(
      files.map((file) => {
        const { mtimeMs = 0, size = 0 } = statSync(file, { throwIfNoEntry: false }) ?? {}
        const stamp = `${mtimeMs} ${size}`
        const known = before.get(file)
        return [file, known?.stamp === stamp ? known : { stamp, run: readOrNot(file) }]
      }),
    )
    return [...this.#known.values()].flatMap(({ run }) => run ?? [])
  }
}

function readOrNot(file: string): RunResultsArtifact | undefined {
  try {
    return readRunResults(file)
  } catch {
    return undefined
  }
}

/** Newest first: the names begin with the time. */
function namesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .reverse()
}
