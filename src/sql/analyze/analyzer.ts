import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { type AnalysisEngine, createEngine, unknown } from './engine.js'
import { createTableSchema } from './resolve/table-schema.js'
import type { SchemaTable, StatementLineage, StatementToAnalyze } from './statement-lineage.js'
import type { WorkerAnswer, WorkerRequest } from './worker-messages.js'

/**
 * Finds out what statements read and what their columns are made of. One at a time, in the order given: a statement may
 * read what an earlier one produces.
 */
export interface SqlAnalyzer {
  /** `known`: tables that were not told of before, or whose columns have become known. Never throws for bad SQL. */
  analyze(statement: StatementToAnalyze, known: readonly SchemaTable[]): Promise<StatementLineage>
  close(): Promise<void>
}

export interface AnalyzerOptions {
  /** `type` of the adapter: `duckdb`, `postgres`, `snowflake` ... */
  readonly dialect: string
  /** Milliseconds for one statement. */
  readonly timeLimit?: number
  /**
   * The process ends when its statements are read: the parser's code is then only compiled, not optimised, which costs
   * half as much as reading 700 statements in all. Holds for all WebAssembly of the process.
   */
  readonly brief?: boolean
  /** Work in this thread. Default: in one of its own, where the built worker is there. */
  readonly inThread?: boolean
}

/** An analyzer whose parser starts with its first statement. */
export function createAnalyzer(options: AnalyzerOptions): SqlAnalyzer {
  if (options.brief === true) for (const flag of BRIEF_FLAGS) setFlagsFromString(flag)
  const worker = options.inThread === true ? undefined : workerFile()
  return worker === undefined ? new LocalAnalyzer(options.dialect) : new WorkerAnalyzer(worker, options)
}

/** Code of the parser that is never called is not looked at; a young heap is cleared by one thread, which is less work. */
const BRIEF_FLAGS = ['--liftoff-only', '--wasm-lazy-validation', '--no-parallel-scavenge']

/** The bundle of `worker.ts`; none when running from source. */
function workerFile(): URL | undefined {
  for (const place of ['../sql-worker.js', './sql-worker.js']) {
    const url = new URL(place, import.meta.url)
    if (existsSync(fileURLToPath(url))) return url
  }
  return undefined
}

class LocalAnalyzer implements SqlAnalyzer {
  readonly #schema = createTableSchema([])
  #engine: Promise<AnalysisEngine> | undefined

  constructor(readonly dialect: string) {}

  async analyze(statement: StatementToAnalyze, known: readonly SchemaTable[]): Promise<StatementLineage> {
    for (const table of known) this.#schema.add(table)
    this.#engine ??= createEngine()
    return (await this.#engine).analyze(statement, this.#schema, this.dialect)
  }

  async close(): Promise<void> {}
}

/** Statements go to a thread that can be stopped: the parser cannot be interrupted, and its memory only grows. */
class WorkerAnalyzer implements SqlAnalyzer {
  readonly #file: URL
  readonly #dialect: string
  readonly #timeLimit: number
  /** Everything told so far: what a new thread must be told again. */
  readonly #tables = new Map<string, SchemaTable>()
  #worker: Worker | undefined
  #untold: SchemaTable[] = []
  #statements = 0

  constructor(file: URL, { dialect, timeLimit = 10_000 }: AnalyzerOptions) {
    this.#file = file
    this.#dialect = dialect
    this.#timeLimit = timeLimit
  }

  async analyze(statement: StatementToAnalyze, known: readonly SchemaTable[]): Promise<StatementLineage> {
    for (const table of known) {
      // One table may have several names.
      this.#tables.set(JSON.stringify([table.key, table.name]), table)
      this.#untold.push(table)
    }
    if (this.#worker !== undefined && ++this.#statements > STATEMENTS_PER_THREAD) await this.close()
    const worker = (this.#worker ??= this.#start())
    const request: WorkerRequest = { statement, known: this.#untold, dialect: this.#dialect }
    this.#untold = []
    const answer = await this.#ask(worker, request)
    if (answer.kind === 'done') return answer.lineage
    await this.close()
    return unknown(answer.reason)
  }

  #start(): Worker {
    this.#untold = [...this.#tables.values()]
    this.#statements = 0
    const worker = new Worker(this.#file, {
      resourceLimits: { stackSizeMb: 16, maxYoungGenerationSizeMb: 64 },
      execArgv: [],
    })
    worker.unref()
    return worker
  }

  #ask(worker: Worker, request: WorkerRequest): Promise<WorkerAnswer> {
    return new Promise((done) => {
      worker.ref()
      const finish = (answer: WorkerAnswer): void => {
        clearTimeout(timer)
        worker.removeAllListeners('message')
        worker.removeAllListeners('error')
        worker.removeAllListeners('exit')
        worker.unref()
        done(answer)
      }
      const timer = setTimeout(
        () => finish({ kind: 'failed', reason: `reading it took longer than ${this.#timeLimit / 1000} s` }),
        this.#timeLimit,
      )
      worker.once('message', (answer: WorkerAnswer) => finish(answer))
      worker.once('error', (error: Error) => finish({ kind: 'failed', reason: `the parser failed: ${error.message}` }))
      worker.once('exit', () => finish({ kind: 'failed', reason: 'the parser stopped' }))
      worker.postMessage(request)
    })
  }

  async close(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    worker?.removeAllListeners('exit')
    await worker?.terminate()
  }
}

/** WebAssembly's memory is never given back. */
const STATEMENTS_PER_THREAD = 5000
