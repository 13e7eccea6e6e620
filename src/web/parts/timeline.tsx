import type { SiteRunNode } from '../../serve/site/documents.js'
import { toneOfStatus } from '../lineage/palette.js'
import { fill, texts } from '../text/index.js'
import { duration, withZone } from './when.js'

const LANE = 22
/** Part of the whole time from which on a bar has room for a name. */
const READABLE = 0.04

/** Nodes of a run by thread over time: where it waited, and for what. */
export function Timeline({ nodes, nameOf }: { nodes: readonly SiteRunNode[]; nameOf(id: string): string }) {
  const t = texts.value.runs
  const timed = nodes.flatMap((node) => {
    const start = Date.parse(withZone(node.startedAt ?? ''))
    const end = Date.parse(withZone(node.finishedAt ?? ''))
    return Number.isNaN(start) || Number.isNaN(end) ? [] : [{ node, start, end }]
  })
  if (timed.length === 0) return <p class="quiet">—</p>
  const first = Math.min(...timed.map(({ start }) => start))
  const last = Math.max(...timed.map(({ end }) => end))
  const span = Math.max(1, last - first)
  const threads = [...new Set(timed.map(({ node }) => node.thread))].sort((a, b) => number(a) - number(b))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard too
    <section class="timeline" tabIndex={0} aria-label={t.timeline}>
      {threads.map((thread) => (
        <div key={thread} class="lane" style={{ height: `${LANE}px` }}>
          <span class="lane-name">{fill(t.thread, { n: number(thread) || thread })}</span>
          <div class="lane-bars">
            {timed
              .filter(({ node }) => node.thread === thread)
              .map(({ node, start, end }) => (
                <a
                  key={node.id}
                  class={toneOfStatus(node.status)}
                  href={`#/node?id=${encodeURIComponent(node.id)}`}
                  title={`${nameOf(node.id)}: ${duration((end - start) / 1000)}`}
                  aria-label={nameOf(node.id)}
                  style={{
                    left: `${((start - first) / span) * 100}%`,
                    width: `max(2px, ${((end - start) / span) * 100}%)`,
                  }}
                >
                  {(end - start) / span > READABLE && <span>{nameOf(node.id)}</span>}
                </a>
              ))}
          </div>
        </div>
      ))}
      <p class="quiet axis">
        <span>0</span>
        <span>{duration(span / 1000)}</span>
      </p>
    </section>
  )
}

function number(thread: string): number {
  return Number(/\d+/.exec(thread)?.[0] ?? 0)
}
