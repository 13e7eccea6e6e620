import { connect, createServer, type Server, type Socket } from 'node:net'

const SSL_REQUEST = 80877103

/** When something is to be done: before the statement reaches the server, or once it is done and nobody knows yet. */
export type Moment = 'before' | 'after'

/** Stands between a client and a PostgreSQL server, counts statements, and does something at one of them. */
export class StatementProxy {
  readonly port: number
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #count = 0
  #at = Number.POSITIVE_INFINITY
  #when: Moment = 'before'
  #act: () => void = () => {}

  private constructor(server: Server, port: number) {
    this.#server = server
    this.port = port
  }

  static async start(serverPort: number): Promise<StatementProxy> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const proxy = new StatementProxy(server, typeof address === 'object' && address !== null ? address.port : 0)
    server.on('connection', (client) => proxy.#connect(client, serverPort))
    return proxy
  }

  /** Statements seen since the last `arm`. */
  get count(): number {
    return this.#count
  }

  /** Counts anew; at the statement of that number, `act` is called and every connection is cut. */
  arm(at: number, when: Moment, act: () => void): void {
    this.#count = 0
    this.#at = at
    this.#when = when
    this.#act = act
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #connect(client: Socket, serverPort: number): void {
    const server = connect(serverPort, '127.0.0.1')
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        client.destroy()
        server.destroy()
      })
    }
    let pending = Buffer.alloc(0)
    let started = false
    let struck = false
    client.on('data', (data: Buffer) => {
      pending = Buffer.concat([pending, data])
      for (;;) {
        const header = started ? 1 : 0
        if (pending.length < header + 4) return
        const length = header + pending.readInt32BE(header)
        if (pending.length < length) return
        const message = pending.subarray(0, length)
        pending = pending.subarray(length)
        if (!started) started = message.readInt32BE(4) !== SSL_REQUEST
        else if (message[0] === 0x51 || message[0] === 0x50) {
          this.#count++
          struck = this.#count === this.#at
          if (struck && this.#when === 'before') return this.#strike()
        }
        server.write(message)
      }
    })
    server.on('data', (data: Buffer) => {
      if (struck) this.#strike()
      else client.write(data)
    })
  }

  #strike(): void {
    this.#act()
    for (const socket of this.#sockets) socket.destroy()
  }
}
