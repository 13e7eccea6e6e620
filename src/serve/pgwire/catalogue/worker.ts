/** What the worker is started with. */
export interface WorkerData {
  /** Where the database's package is. */
  readonly modulePath: string
  /** A prepared data directory, made on the first start where it can be written; empty: none is kept. */
  readonly cachePath: string
}

export interface WorkerRequest {
  readonly id: number
  /** Protocol messages, sent one after the other. */
  readonly messages: readonly Uint8Array[]
}

export interface WorkerReply {
  readonly id: number
  readonly replies?: readonly Uint8Array[]
  readonly failure?: string
}

interface Database {
  execProtocolRaw(message: Uint8Array, options: { readonly syncToFs: boolean }): Promise<Uint8Array>
  dumpDataDir(compression: 'gzip'): Promise<Blob>
}

interface Required {
  (
    name: 'node:worker_threads',
  ): {
    readonly parentPort: {
      on(event: 'message', listener: (request: WorkerRequest) => void): void
      postMessage(reply: WorkerReply): void
    }
    readonly workerData: WorkerData
  }
  (name: 'node:fs'): typeof import('node:fs')
  (name: 'node:path'): typeof import('node:path')
  (name: string): { readonly PGlite: { create(options: { readonly loadDataDir?: Blob }): Promise<Database> } }
}

/**
 * The worker's whole program: it is sent as text, so it may use nothing from outside itself. A database within a thread
 * of its own cannot stop the server, whatever it is asked, and can be ended at any time.
 */
export function catalogueWorker(require: Required): void {
  const { parentPort, workerData } = require('node:worker_threads')
  const fs = require('node:fs')
  const path = require('node:path')
  const { modulePath, cachePath } = workerData

  const open = async (): Promise<Database> => {
    const { PGlite } = require(modulePath)
    if (cachePath !== '' && fs.existsSync(cachePath)) {
      try {
        return await PGlite.create({ loadDataDir: new Blob([fs.readFileSync(cachePath)]) })
      } catch {
        // Half written or of another version: it is made anew.
        fs.rmSync(cachePath, { force: true })
      }
    }
    const database = await PGlite.create({})
    if (cachePath !== '') {
      try {
        const data = await database.dumpDataDir('gzip')
        fs.mkdirSync(path.dirname(cachePath), { recursive: true })
        const aside = `${cachePath}.${process.pid}`
        fs.writeFileSync(aside, Buffer.from(await data.arrayBuffer()))
        fs.renameSync(aside, cachePath)
      } catch {
        // Without the cache the next start takes longer, and nothing else.
      }
    }
    return database
  }

  const ready = open()
  parentPort.on('message', async ({ id, messages }) => {
    try {
      const database = await ready
      const replies: Uint8Array[] = []
      for (const message of messages)
        replies.push((await database.execProtocolRaw(message, { syncToFs: false })).slice())
      parentPort.postMessage({ id, replies })
    } catch (error) {
      parentPort.postMessage({ id, failure: error instanceof Error ? error.message : String(error) })
    }
  })
}
