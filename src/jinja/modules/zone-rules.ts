import { ZoneClock } from '../../core/zone-clock.js'
import type { ZoneOffset } from './timezone.js'

/** A year before time zones: the offset then is the zone's local mean time. */
const BEFORE_ZONES = Date.UTC(1800, 0, 1) / 1000

/** Abbreviations where the runtime only knows `GMT+9`: by zone prefix, standard and daylight saving. */
const ABBREVIATIONS: readonly (readonly [pattern: RegExp, standard: string, daylight: string])[] = [
  [/^Europe\/(London|Belfast|Jersey|Guernsey|Isle_of_Man)$|^GB/, 'GMT', 'BST'],
  [/^Europe\/(Dublin)$/, 'GMT', 'IST'],
  [/^(Europe\/Lisbon|Atlantic\/(Madeira|Canary|Faroe|Faeroe)|WET|Portugal)$/, 'WET', 'WEST'],
  [
    /^(Europe\/(Athens|Bucharest|Chisinau|Helsinki|Kiev|Kyiv|Mariehamn|Riga|Sofia|Tallinn|Vilnius|Kaliningrad)|EET|Asia\/(Beirut|Nicosia|Famagusta)|Africa\/(Cairo|Tripoli))$/,
    'EET',
    'EEST',
  ],
  [/^(Europe\/(Moscow|Simferopol)|W-SU)$/, 'MSK', 'MSD'],
  [/^Europe\/(Istanbul|Minsk|Samara|Saratov|Volgograd|Kirov|Astrakhan|Ulyanovsk)$/, '', ''],
  [/^(Europe\/|Arctic\/|MET$|CET$|Africa\/(Algiers|Tunis|Ceuta))/, 'CET', 'CEST'],
  [/^(Asia\/Tokyo|Japan)$/, 'JST', 'JDT'],
  [/^(Asia\/Seoul|ROK|Asia\/Pyongyang)$/, 'KST', 'KDT'],
  [/^(Asia\/(Shanghai|Taipei|Macau|Chongqing|Harbin)|PRC|ROC)$/, 'CST', 'CDT'],
  [/^(Asia\/Hong_Kong|Hongkong)$/, 'HKT', 'HKST'],
  [/^Asia\/(Kolkata|Calcutta)$/, 'IST', 'IST'],
  [/^(Asia\/(Jerusalem|Tel_Aviv)|Israel)$/, 'IST', 'IDT'],
  [/^Asia\/Karachi$/, 'PKT', 'PKST'],
  [/^Asia\/Manila$/, 'PST', 'PDT'],
  [/^Asia\/(Jakarta|Pontianak)$/, 'WIB', 'WIB'],
  [/^Australia\/(Sydney|Melbourne|Brisbane|Hobart|Canberra|ACT|NSW|Victoria|Queensland|Tasmania)$/, 'AEST', 'AEDT'],
  [/^Australia\/(Adelaide|Darwin|Broken_Hill|South|North)$/, 'ACST', 'ACDT'],
  [/^Australia\/(Perth|West)$/, 'AWST', 'AWDT'],
  [/^(Pacific\/Auckland|NZ|Antarctica\/McMurdo)$/, 'NZST', 'NZDT'],
  [/^Africa\/(Johannesburg|Maseru|Mbabane)$/, 'SAST', 'SAST'],
  [
    /^Africa\/(Lagos|Kinshasa|Luanda|Douala|Libreville|Niamey|Bangui|Brazzaville|Malabo|Ndjamena|Porto-Novo)$/,
    'WAT',
    'WAST',
  ],
  [/^Africa\/(Nairobi|Addis_Ababa|Kampala|Dar_es_Salaam|Djibouti|Mogadishu|Asmara)$/, 'EAT', 'EAT'],
  [
    /^Africa\/(Maputo|Harare|Lusaka|Lubumbashi|Kigali|Gaborone|Blantyre|Bujumbura|Khartoum|Juba|Windhoek)$/,
    'CAT',
    'CAT',
  ],
  [/^Africa\/(Accra|Abidjan|Dakar|Bamako|Freetown|Monrovia|Nouakchott|Ouagadougou|Lome|Banjul|Conakry)$/, 'GMT', 'GMT'],
]

/** When a named time zone has which offset, asked of the JavaScript runtime. */
export class ZoneRules {
  private constructor(
    readonly name: string,
    private readonly clock: ZoneClock,
  ) {}

  /** The rules of a zone (`Europe/Paris`, `US/Eastern`), or undefined when there is none of this name. */
  static find(name: string): ZoneRules | undefined {
    try {
      return new ZoneRules(name, new ZoneClock(name, true))
    } catch {
      return undefined
    }
  }

  /** The offset before there were time zones, to the minute, as pytz begins with. */
  first(): ZoneOffset {
    const { offsetSeconds } = this.at(BEFORE_ZONES)
    return { offsetSeconds: Math.round(offsetSeconds / 60) * 60, dstSeconds: 0, name: 'LMT' }
  }

  /** The offset at an instant (seconds since 1970). */
  at(epochSeconds: number): ZoneOffset {
    const { offset, shortName } = this.clock.at(epochSeconds)
    const year = new Date(epochSeconds * 1000).getUTCFullYear()
    const january = this.clock.at(Date.UTC(year, 0, 1) / 1000).offset
    const july = this.clock.at(Date.UTC(year, 6, 1) / 1000).offset
    const standard = Math.min(january, july)
    const dst = january === july ? 0 : Math.max(0, offset - standard)
    return { offsetSeconds: offset, dstSeconds: dst, name: this.#abbreviation(offset, dst, shortName) }
  }

  /** The offsets under which a local time (as if UTC, seconds) exists; around a gap, the ones on both sides. */
  forLocal(localSeconds: number): ZoneOffset[] {
    const day = 86_400
    const offsets = [this.at(localSeconds - day), this.at(localSeconds + day)]
    const fitting = offsets.filter((o) => this.clock.at(localSeconds - o.offsetSeconds).offset === o.offsetSeconds)
    const [a, b] = fitting.length > 0 ? fitting : offsets
    return b && b.offsetSeconds !== a!.offsetSeconds ? [a!, b] : [a!]
  }

  #abbreviation(offset: number, dst: number, shortName: string): string {
    if (!/^(GMT|UTC)[+-]/.test(shortName) && shortName !== 'GMT') return shortName
    const known = ABBREVIATIONS.find(([pattern]) => pattern.test(this.name))
    const name = dst === 0 ? known?.[1] : known?.[2]
    if (name) return name
    if (shortName === 'GMT') return 'GMT'
    const size = Math.abs(offset)
    const minutes = Math.floor(size / 60) % 60
    const two = (n: number): string => String(n).padStart(2, '0')
    return `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 3600))}${minutes === 0 ? '' : two(minutes)}`
  }
}
