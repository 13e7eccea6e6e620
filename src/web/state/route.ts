import { signal } from '@preact/signals'

export const PAGES = ['overview', 'lineage', 'catalogue', 'node', 'metrics', 'runs'] as const
export type Page = (typeof PAGES)[number]

/** Where the reader is: everything a page shows stands in the address, so a link shows the same. */
export interface Route {
  readonly page: Page
  readonly params: Readonly<Record<string, string>>
}

export const route = signal<Route>(readRoute())
addEventListener('hashchange', () => {
  route.value = readRoute()
})

function readRoute(): Route {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?')
  const page = PAGES.find((each) => each === path) ?? 'overview'
  return { page, params: Object.fromEntries(new URLSearchParams(query)) }
}

/** The address of a page; parameters without a value are left out. */
export function hrefOf(page: Page, params: Readonly<Record<string, string | number | null | undefined>> = {}): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && value !== '') query.set(name, String(value))
  }
  const text = query.toString()
  return `#/${page}${text === '' ? '' : `?${text}`}`
}

export function go(page: Page, params: Readonly<Record<string, string | number | null | undefined>> = {}): void {
  location.hash = hrefOf(page, params)
}

/** Changes some parameters of the page that is open, without a new entry in the history. */
export function adjust(changes: Readonly<Record<string, string | number | null | undefined>>): void {
  const { page, params } = route.value
  history.replaceState(null, '', hrefOf(page, { ...params, ...changes }))
  route.value = readRoute()
}
