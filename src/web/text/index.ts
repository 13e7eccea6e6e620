import { computed, signal } from '@preact/signals'
import { remembered } from '../state/remembered.js'
import { en, type Texts } from './en.js'
import { ko } from './ko.js'

const LANGUAGES = { en, ko } satisfies Record<string, Texts>
export type Language = keyof typeof LANGUAGES
export const LANGUAGE_NAMES = Object.entries(LANGUAGES).map(
  ([code, { language }]) => [code as Language, language] as const,
)

const fromBrowser: Language = navigator.language.startsWith('ko') ? 'ko' : 'en'
export const language = signal<Language>(remembered('language', ['en', 'ko']) ?? fromBrowser)

/** The texts in the language that is on. */
export const texts = computed<Texts>(() => LANGUAGES[language.value])

/** What a type of resource is called. */
export function typeName(type: string): string {
  const names: Readonly<Record<string, string>> = texts.value.types
  return names[type] ?? type
}

/** Fills the holes of a text: `fill('{n} rows', { n: 3 })`. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole))
}
