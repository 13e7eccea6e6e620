import { diagnostic, PlumbError } from '../core/diagnostic.js'
import { tableLineage } from '../lineage/index.js'
import { catalogueFor } from './catalogue.js'
import { type CompiledQuestion, compileQuestion } from './compile-question.js'
import { type Executed, Executor, type ExecutorOptions } from './execution/executor.js'
import { type Ground, type Survey, survey } from './ground.js'
import { callerKey } from './policies/audience.js'
import { requireGround } from './proof.js'
import { hashOf, loggedQuestion, type QueryLogEntry } from './query-log.js'
import type {
  Answer,
  AnswerBatch,
  AskOptions,
  Caller,
  Limits,
  ProjectView,
  Proof,
  QueryService,
  Question,
} from './types.js'

export interface QueryServiceOptions {
  readonly ground: Ground
  /** Told of every question when its answer has ended. */
  readonly log?: (entry: QueryLogEntry) => void
  readonly limits?: Partial<Limits>
  readonly execution?: Partial<ExecutorOptions>
}

/** A service whose ground can be replaced: by whoever watches the project. */
export interface ManagedQueryService extends QueryService {
  /** From now on answers stand on this ground; those that run end on the old one. */
  replace(ground: Ground): void
  /** Forgets results: tables have changed. */
  forget(): void
}

const LIMITS: Limits = { timeout: 300_000, maxRows: 20_000_000, concurrency: 16 }

const MB = 1024 * 1024

/** Statements at once: half the thread pool, which file access and password checks share. */
function defaultExecution(): ExecutorOptions {
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4)
  return {
    running: Math.max(2, Math.floor(threads / 2)),
    waiting: 500,
    cache: { maxBytes: 128 * MB, maxAge: 10 * 60_000 },
    maxStored: 2 * MB,
    idle: 60_000,
  }
}

/** Compiled questions that are kept. */
const MOST_COMPILED = 500

/** The one service behind every door. It does not own the adapter of its ground: whoever opened that closes it. */
export function createQueryService(options: QueryServiceOptions): ManagedQueryService {
  const executor = new Executor({ ...defaultExecution(), ...options.execution })
  const totals = { asked: 0, failed: 0, cached: 0, rows: 0, seconds: 0 }
  let ground: Survey = survey(options.ground)
  let project = viewOf(ground)
  let version = 1
  const compiledQuestions = new Map<string, CompiledQuestion>()

  const compile = async (question: Question, caller: Caller): Promise<CompiledQuestion> => {
    const on = ground
    const key = `${callerKey(caller)}\n${keyOf(question)}`
    const known = compiledQuestions.get(key)
    if (known !== undefined) return known
    const compiled = await compileQuestion(question, caller, on)
    if (on === ground) {
      if (compiledQuestions.size >= MOST_COMPILED) compiledQuestions.clear()
      compiledQuestions.set(key, compiled)
    }
    return compiled
  }

  return {
    get version() {
      return version
    },
    get project() {
      return project
    },
    get figures() {
      return { ...totals, ...executor.load, cacheBytes: executor.cache.bytes, cacheEntries: executor.cache.size }
    },
    async ask(question, caller, asked): Promise<Answer> {
      const started = performance.now()
      const on = ground
      const report = reporter(question, caller, asked, started)
      let sqlHash: string | null = null
      totals.asked++
      try {
        const compiled = await compile(question, caller)
        sqlHash = hashOf(compiled.sql)
        let proof: Proof | undefined
        const prove = (): Proof => (proof ??= on.prove(compiled.reads, caller))
        if ((asked.require ?? []).length > 0) requireGround(prove(), asked.require!)
        const bindings = compiled.bindings === undefined ? '' : keyOf(compiled.bindings)
        const executed = await executor.run(on.adapter, {
          sql: compiled.sql,
          bindings: compiled.bindings,
          key: asked.cache === false ? null : hashOf(compiled.sql, bindings),
          user: caller.name,
          limits: limitsFor(caller, asked, options.limits),
          signal: asked.signal,
        })
        const end = report(executed, sqlHash)
        return {
          columns: executed.columns.map(({ name, type, family }, at) => ({
            name,
            type,
            family,
            meaning: compiled.columns[at] ?? null,
          })),
          batches: counted(executed, end, caller),
          sql: compiled.sql,
          cached: executed.cached,
          get proof() {
            return prove()
          },
          async close() {
            end(null)
            await executed.close()
          },
        }
      } catch (error) {
        report(null, sqlHash)(error)
        throw forCaller(error, caller)
      }
    },
    async explain(question, caller) {
      const { sql, columns, predicates } = await compile(question, caller)
      const plan =
        question.kind === 'metrics' ? ground.engine().explain({ ...question.query, trusted: caller.owner }) : null
      return { sql, columns, predicates, steps: plan?.steps.map((step) => step.text) ?? [] }
    },
    visible: (caller) => ground.rules(caller).visible,
    catalogue: (caller) => catalogueFor(ground, caller),
    replace(next) {
      ground = survey(next)
      project = viewOf(ground)
      version++
      compiledQuestions.clear()
      executor.forget()
    },
    forget: () => executor.forget(),
    async close() {
      executor.stop(new PlumbError(diagnostic('runtime', 'service-closed', 'The service is closing')))
    },
  }

  /** Tells the log, once, how a question ended. */
  function reporter(question: Question, caller: Caller, asked: AskOptions, started: number) {
    return (executed: Executed | null, sqlHash: string | null) => {
      let told = false
      let rows = 0
      const end = (error: unknown): void => {
        if (told) return
        told = true
        const ms = performance.now() - started
        totals.seconds += ms / 1000
        totals.rows += rows
        if (error !== null) totals.failed++
        if (executed?.cached === true) totals.cached++
        options.log?.({
          time: new Date().toISOString(),
          caller: caller.name,
          door: asked.door,
          question: loggedQuestion(question),
          sql_hash: sqlHash,
          rows,
          ms: Math.round(ms * 1000) / 1000,
          cached: executed?.cached ?? false,
          error: error === null ? null : error instanceof PlumbError ? error.first.code : 'internal',
          message: error instanceof Error ? error.message : null,
        })
      }
      return Object.assign(end, {
        count: (more: number) => {
          rows += more
        },
      })
    }
  }
}

async function* counted(
  executed: Executed,
  end: ((error: unknown) => void) & { count(rows: number): void },
  caller: Caller,
): AsyncGenerator<AnswerBatch> {
  try {
    for await (const batch of executed.read()) {
      end.count(batch.rowCount)
      yield batch
    }
  } catch (error) {
    end(error)
    throw forCaller(error, caller)
  } finally {
    end(null)
  }
}

/**
 * The warehouse's words for a fault may hold values of rows, and names of tables, that the caller may not see: others
 * than the owner are told what kind of fault it was.
 */
function forCaller(error: unknown, caller: Caller): unknown {
  if (caller.owner || !(error instanceof PlumbError) || error.first.kind !== 'database') return error
  const kind = /^(?:[A-Z]\w*(?: \w+)* Error)\b/.exec(error.first.message)?.[0]
  const message = `The warehouse could not answer the question${kind === undefined ? '' : `: ${kind}`}`
  return new PlumbError(
    diagnostic('database', error.first.code, message, { hint: 'who owns the project finds the details in its log' }),
    error,
  )
}

function viewOf(ground: Ground): ProjectView {
  let byTable: ProjectView['lineage'] | undefined
  return {
    get lineage() {
      return ground.lineage ?? (byTable ??= tableLineage(ground.manifest))
    },
    name: ground.manifest.metadata.project_name,
    manifest: ground.manifest,
    targetDir: ground.targetDir,
    projectRoot: ground.projectRoot,
    dialect: ground.adapter.plugin.dialect,
  }
}

/** What a door asks for, never above what the caller may have. */
function limitsFor(caller: Caller, asked: AskOptions, service: Partial<Limits> = {}): Limits {
  const own = { ...LIMITS, ...service, ...caller.limits }
  return {
    timeout: Math.min(own.timeout, asked.timeout ?? Number.POSITIVE_INFINITY),
    maxRows: Math.min(own.maxRows, asked.maxRows ?? Number.POSITIVE_INFINITY),
    concurrency: own.concurrency,
  }
}

function keyOf(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each))
}
