import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(pbkdf2)

/** RFC 5802 and 7677: what a server keeps of a password to check it with SCRAM-SHA-256. */
export interface ScramVerifier {
  readonly iterations: number
  readonly salt: Buffer
  readonly storedKey: Buffer
  readonly serverKey: Buffer
}

/** PostgreSQL's own count; a verifier of PostgreSQL's can be used as it is. */
const ITERATIONS = 4096

/** What to keep of a password. */
export async function makeVerifier(
  password: string,
  salt: Buffer = randomBytes(16),
  iterations = ITERATIONS,
): Promise<ScramVerifier> {
  const salted = await derive(password.normalize('NFKC'), salt, iterations, 32, 'sha256')
  const clientKey = createHmac('sha256', salted).update('Client Key').digest()
  return {
    iterations,
    salt,
    storedKey: createHash('sha256').update(clientKey).digest(),
    serverKey: createHmac('sha256', salted).update('Server Key').digest(),
  }
}

/** `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>`: PostgreSQL's form. */
export function formatVerifier({ iterations, salt, storedKey, serverKey }: ScramVerifier): string {
  const text = (bytes: Buffer): string => bytes.toString('base64')
  return `SCRAM-SHA-256$${iterations}:${text(salt)}$${text(storedKey)}:${text(serverKey)}`
}

/** Reads PostgreSQL's form; null when the text is something else. */
export function parseVerifier(text: string): ScramVerifier | null {
  const match = /^SCRAM-SHA-256\$(\d+):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)$/.exec(text)
  if (match === null) return null
  const [salt, storedKey, serverKey] = match.slice(2).map((part) => Buffer.from(part, 'base64')) as [
    Buffer,
    Buffer,
    Buffer,
  ]
  const iterations = Number(match[1])
  if (storedKey.length !== 32 || serverKey.length !== 32 || iterations < 1 || iterations > 1_000_000) return null
  return { iterations, salt, storedKey, serverKey }
}

/** Whether the password is the verifier's. */
export async function checkPassword(password: string, verifier: ScramVerifier): Promise<boolean> {
  const made = await makeVerifier(password, verifier.salt, verifier.iterations)
  return timingSafeEqual(made.storedKey, verifier.storedKey)
}

/** The verifier shown for a user that does not exist: the same every time for a name, and nobody's. */
export function fakeVerifier(user: string, secret: Buffer): ScramVerifier {
  const part = (label: string): Buffer => createHmac('sha256', secret).update(`${label}\0${user}`).digest()
  return {
    iterations: ITERATIONS,
    salt: part('salt').subarray(0, 16),
    storedKey: part('stored'),
    serverKey: part('server'),
  }
}
