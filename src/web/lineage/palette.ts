import type { SiteNode } from '../../serve/site/documents.js'

export type ColourBy = 'type' | 'run' | 'tests' | 'freshness'

/** The name of the CSS variable that colours a resource. */
export function toneOf(node: SiteNode, by: ColourBy): string {
  switch (by) {
    case 'type':
      return `type-${node.type.replaceAll('_', '-')}`
    case 'run':
      return toneOfStatus(node.status)
    case 'tests':
      if (node.tests.fail > 0) return 'bad'
      if (node.tests.warn > 0) return 'warn'
      return node.tests.pass > 0 ? 'good' : 'quiet'
    case 'freshness':
      return node.freshness === null ? 'quiet' : toneOfStatus(node.freshness)
  }
}

/** Good, warning, bad or nothing to say. */
export function toneOfStatus(status: string | null): 'good' | 'warn' | 'bad' | 'quiet' {
  switch (status) {
    case 'success':
    case 'pass':
    case 'reused':
      return 'good'
    case 'warn':
    case 'partial success':
      return 'warn'
    case 'fail':
    case 'error':
    case 'runtime error':
      return 'bad'
    default:
      return 'quiet'
  }
}

/** Colours of the style sheet, read once for the canvas. */
export class Palette {
  readonly #style = getComputedStyle(document.documentElement)
  readonly #known = new Map<string, string>()

  get(name: string): string {
    let colour = this.#known.get(name)
    if (colour === undefined) {
      colour = this.#style.getPropertyValue(`--${name}`).trim() || '#888'
      this.#known.set(name, colour)
    }
    return colour
  }
}
