/** A time as Python's `isoformat()` writes it in UTC: `2024-01-01T00:00:00+00:00`, microseconds only when there are any. */
export function pythonIso(time: Date): string {
  const iso = time.toISOString()
  const millis = iso.slice(20, 23)
  return `${iso.slice(0, 19)}${millis === '000' ? '' : `.${millis}000`}+00:00`
}

/** ISO 8601 with microseconds, as dbt writes times into artifacts. */
export function isoTime(time: Date): string {
  return time.toISOString().replace('Z', '000Z')
}

/** `2024-01-01`, `2024-01-01 12:00:00`, `2024-01-01T12:00:00+02:00`; without a zone it is UTC. May be invalid. */
export function parseUtc(text: string): Date {
  const iso = text.trim().replace(' ', 'T')
  const full = iso.includes('T') ? iso : `${iso}T00:00:00`
  return new Date(/(?:Z|[+-]\d\d:?\d\d)$/i.test(full) ? full : `${full}Z`)
}
