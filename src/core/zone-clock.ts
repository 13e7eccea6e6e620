/** What the clocks of a zone show, asked of the JavaScript runtime. */
export class ZoneClock {
  readonly #format: Intl.DateTimeFormat

  /**
   * @param zone a name of the IANA list (`Europe/Paris`), in any case.
   * @param named ask for the short name of the offset (`CEST`) too.
   * @throws RangeError when there is no such zone.
   */
  constructor(zone: string, named = false) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
      ...(named ? { timeZoneName: 'short' } : {}),
    })
  }

  /** The zone's name as the runtime spells it. */
  get zone(): string {
    return this.#format.resolvedOptions().timeZone
  }

  /** At an instant, in seconds since 1970: seconds east of UTC, and what that is called, if it was asked for. */
  at(seconds: number): { readonly offset: number; readonly shortName: string } {
    const parts: Record<string, string> = {}
    for (const part of this.#format.formatToParts(seconds * 1000)) parts[part.type] = part.value
    const year = parts['era'] === 'BC' ? 1 - Number(parts['year']) : Number(parts['year'])
    const shown = new Date(0)
    shown.setUTCFullYear(year, Number(parts['month']) - 1, Number(parts['day']))
    shown.setUTCHours(Number(parts['hour']), Number(parts['minute']), Number(parts['second']))
    return { offset: Math.round(shown.getTime() / 1000 - seconds), shortName: parts['timeZoneName'] ?? '' }
  }
}
