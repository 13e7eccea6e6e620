import { effect, signal } from '@preact/signals'
import { remember, remembered } from './remembered.js'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const system = matchMedia('(prefers-color-scheme: dark)')
const systemIsDark = signal(system.matches)
system.addEventListener('change', () => {
  systemIsDark.value = system.matches
})

export const theme = signal<Theme>(remembered('theme', THEMES) ?? 'auto')
/** Counts up when the colours change: what is painted on a canvas is painted anew. */
export const paletteVersion = signal(0)

effect(() => {
  const chosen = theme.value
  document.documentElement.dataset['theme'] = chosen === 'auto' ? (systemIsDark.value ? 'dark' : 'light') : chosen
  remember('theme', chosen)
  paletteVersion.value = paletteVersion.peek() + 1
})
