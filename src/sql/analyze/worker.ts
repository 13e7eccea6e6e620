import { parentPort } from 'node:worker_threads'
import { createEngine } from './engine.js'
import { createTableSchema } from './resolve/table-schema.js'
import type { WorkerAnswer, WorkerRequest } from './worker-messages.js'

/** The thread's own main: one statement at a time, asked and answered by message. */
const schema = createTableSchema([])
const engine = createEngine()

parentPort?.on('message', ({ statement, known, dialect }: WorkerRequest) => {
  for (const table of known) schema.add(table)
  const answer = (message: WorkerAnswer): void => parentPort?.postMessage(message)
  engine
    .then((ready) => ready.analyze(statement, schema, dialect))
    .then(
      (lineage) => answer({ kind: 'done', lineage }),
      (error: unknown) => answer({ kind: 'failed', reason: String(error) }),
    )
})
