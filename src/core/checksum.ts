import { createHash } from 'node:crypto'

/** Hex MD5 of a UTF-8 string (dbt's `local_md5`). */
export function md5(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex')
}

/** Hex SHA-256 of a UTF-8 string. */
export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex')
}
