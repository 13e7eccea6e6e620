import { language } from '../text/index.js'

/** A time that says its zone: run results tell UTC without saying so. */
export function withZone(iso: string): string {
  return /[zZ]|[+-]\d\d:?\d\d$/.test(iso) ? iso : `${iso.replace(' ', 'T')}Z`
}

/** A time as people read it, in their own zone. */
export function when(iso: string | null): string {
  if (iso === null) return '—'
  const date = new Date(withZone(iso))
  if (Number.isNaN(date.getTime())) return iso
  return new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'short' }).format(date)
}

/** `1 h 5 min`, `3.2 s`, `40 ms` */
export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`
}
