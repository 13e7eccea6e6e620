/** A time as Python's `isoformat()` writes it in UTC: `2024-01-01T00:00:00+00:00`, microseconds only when there are any. */
export function pythonIso(time: Date): string {
  const iso = time.toISOString()
  const millis = iso.slice(20, 23)
  return `${iso.slice(0, 19)}${millis === '000' ? '' : `.${millis}000`}+00:00`
}
