import type { SiteNode } from '../../serve/site/documents.js'
import type { ColumnPath } from '../lineage/column-path.js'
import { USED } from '../lineage/painter.js'
import { type ColourBy, toneOf } from '../lineage/palette.js'
import { texts, typeName } from '../text/index.js'

interface LegendProps {
  readonly nodes: readonly SiteNode[]
  readonly colourBy: ColourBy
  readonly path: ColumnPath | null
}

/** What the colours of the picture mean: only those that are in it. */
export function Legend({ nodes, colourBy, path }: LegendProps) {
  const t = texts.value
  const words: Readonly<Record<string, string>> = {
    good: t.status.success,
    warn: t.status.warn,
    bad: t.status.error,
    quiet: t.status.unknown,
  }
  const tones = new Map<string, string>()
  for (const node of nodes) {
    const tone = toneOf(node, colourBy)
    tones.set(tone, colourBy === 'type' ? typeName(node.type) : (words[tone] ?? tone))
  }
  const kinds = new Set(path?.edges.map(({ kind }) => (USED.has(kind) ? 'used' : kind)))
  const made: Readonly<Record<string, string>> = t.lineage.made
  return (
    <ul class="legend" aria-label={t.lineage.legend}>
      {[...tones].map(([tone, word]) => (
        <li key={tone}>
          <span class="dot" style={{ background: `var(--${tone})` }} aria-hidden="true" /> {word}
        </li>
      ))}
      {[...kinds].map((kind) => (
        <li key={kind}>
          <span
            class={`stroke ${kind === 'used' ? 'dashed' : ''}`}
            style={{ borderColor: `var(--edge-${kind === 'used' ? 'filtered' : kind})` }}
            aria-hidden="true"
          />{' '}
          {made[kind] ?? kind}
        </li>
      ))}
    </ul>
  )
}
