import { diagnostic, PlumbError } from '../../core/diagnostic.js'

/**
 * A date as it stands in YAML, as `datetime.isoformat()` with an offset: one without a zone is taken for local time.
 * @throws PlumbError when it is no date.
 */
export function normalizeDate(text: string): string {
  const match =
    /^(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,6})\d*)?)?)?\s*(Z|[-+]\d\d:?\d\d)?$/.exec(
      text.trim(),
    )
  const parts = match === null ? looseDate(text) : match.slice(1, 8)
  if (parts === undefined) {
    throw new PlumbError(
      diagnostic('parsing', 'date-invalid', `'${text}' is not a valid date`, { hint: 'write it as 2024-12-31' }),
    )
  }
  const [year, month, day, hour = '0', minute = '0', second = '0', fraction = ''] = parts
  const two = (value: string | undefined): string => String(value ?? '0').padStart(2, '0')
  const micros = fraction === '' || Number(fraction) === 0 ? '' : `.${fraction.padEnd(6, '0')}`
  const clock = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${micros}`
  return clock + offsetOf(match?.[8], [year, month, day, hour, minute, second].map(Number))
}

/** Other ways to write a date that JavaScript can read (`Dec 31 2024`). */
function looseDate(text: string): (string | undefined)[] | undefined {
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) return undefined
  return [
    date.getFullYear(),
    date.getMonth() + 1,
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
  ].map(String)
}

function offsetOf(zone: string | undefined, [year, month, day, hour, minute, second]: number[]): string {
  if (zone === 'Z') return '+00:00'
  if (zone !== undefined) return `${zone.slice(0, 3)}:${zone.slice(-2)}`
  const minutes = -new Date(year!, month! - 1, day!, hour, minute, second).getTimezoneOffset()
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`
}
