import type { Submittable, Connection as WireConnection } from 'pg'

/** What the driver's connection can do that its types do not tell. */
interface CopyConnection {
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

/** Rows are sent in pieces of about this many characters. */
const CHUNK = 65_536

/** `COPY ... FROM STDIN` with rows of text; the server casts them to the columns' types. */
export class CopyIn implements Submittable {
  readonly done: Promise<void>
  #resolve: () => void = () => {}
  #reject: (error: unknown) => void = () => {}

  constructor(
    readonly text: string,
    readonly rows: readonly (readonly (string | null)[])[],
  ) {
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  submit(connection: WireConnection): void {
    connection.query(this.text)
  }

  handleCopyInResponse(connection: WireConnection): void {
    const copy = connection as unknown as CopyConnection
    let text = ''
    for (const row of this.rows) {
      text += `${row.map(copyField).join('\t')}\n`
      if (text.length < CHUNK) continue
      copy.sendCopyFromChunk(Buffer.from(text))
      text = ''
    }
    if (text !== '') copy.sendCopyFromChunk(Buffer.from(text))
    copy.endCopyFrom()
  }

  handleCommandComplete(): void {}

  handleError(error: unknown): void {
    this.#reject(error)
  }

  handleReadyForQuery(): void {
    this.#resolve()
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** A cell in COPY's text format. */
function copyField(cell: string | null): string {
  return cell === null ? '\\N' : cell.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character]!)
}
