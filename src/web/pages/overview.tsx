import type { SiteNode } from '../../serve/site/documents.js'
import { StatusBadge, TypeBadge } from '../parts/badge.js'
import { Loading } from '../parts/loading.js'
import { RunBar } from '../parts/run-bar.js'
import { useLoaded } from '../parts/use-loaded.js'
import { duration, when } from '../parts/when.js'
import { hrefOf } from '../state/route.js'
import { loadRuns, type Project } from '../state/site.js'
import { fill, texts } from '../text/index.js'

/** The project at a glance: what there is, whether it is well, where to look. */
export function Overview({ project }: { project: Project }) {
  const t = texts.value.overview
  const runs = useLoaded(loadRuns, [])
  const { nodes, children } = project
  const failing = nodes.filter(({ status }) => status === 'error' || status === 'fail' || status === 'runtime error')
  const stale = nodes.filter(({ freshness }) => freshness === 'warn' || freshness === 'error')
  const readers = nodes
    .map((node, number) => ({
      node,
      count: children[number]!.filter((child) => !isTest(nodes[child]!)).length,
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
  const slowest = nodes.filter(({ seconds }) => seconds !== null).sort((a, b) => b.seconds! - a.seconds!)
  return (
    <>
      <h1>{project.index.project.name}</h1>
      <div class="cards">
        <section>
          <h2>{t.resources}</h2>
          <ul class="plain counts">
            {countByType(nodes).map(([type, count]) => (
              <li key={type}>
                <a href={hrefOf('catalogue', { type })}>
                  <TypeBadge type={type} />
                </a>
                <b>{count}</b>
              </li>
            ))}
          </ul>
        </section>
        <section>
          <h2>{t.lastRun}</h2>
          <Loading of={runs}>
            {([last]) =>
              last === undefined ? (
                <p class="quiet">{t.noRun}</p>
              ) : (
                <>
                  <p>
                    <a href={hrefOf('runs', { run: last.id })}>
                      <code>{last.command}</code>
                    </a>{' '}
                    {when(last.startedAt)}, {duration(last.seconds)}
                  </p>
                  <RunBar counts={last.counts} />
                </>
              )
            }
          </Loading>
        </section>
        <section>
          <h2>{t.failing}</h2>
          {failing.length === 0 ? (
            <p class="status good">{t.allWell}</p>
          ) : (
            <ul class="plain">
              {failing.slice(0, 8).map((node) => (
                <li key={node.id}>
                  <a href={hrefOf('node', { id: node.id })}>{node.name}</a> <StatusBadge status={node.status} />
                </li>
              ))}
            </ul>
          )}
          {stale.length > 0 && (
            <>
              <h3>{t.stale}</h3>
              <ul class="plain">
                {stale.map((node) => (
                  <li key={node.id}>
                    <a href={hrefOf('node', { id: node.id })}>{node.name}</a> <StatusBadge status={node.freshness} />
                  </li>
                ))}
              </ul>
            </>
          )}
        </section>
        <section>
          <h2>{t.mostUsed}</h2>
          <ul class="plain">
            {readers.slice(0, 8).map(({ node, count }) => (
              <li key={node.id}>
                <a href={hrefOf('node', { id: node.id })}>{node.name}</a>
                <span class="quiet">{fill(t.readers, { n: count })}</span>
              </li>
            ))}
          </ul>
        </section>
        <section>
          <h2>{t.slowest}</h2>
          <ul class="plain">
            {slowest.slice(0, 8).map((node) => (
              <li key={node.id}>
                <a href={hrefOf('node', { id: node.id })}>{node.name}</a>
                <span class="quiet">{duration(node.seconds!)}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </>
  )
}

function isTest({ type }: SiteNode): boolean {
  return type === 'test' || type === 'unit_test'
}

function countByType(nodes: readonly SiteNode[]): [SiteNode['type'], number][] {
  const counts = new Map<SiteNode['type'], number>()
  for (const { type } of nodes) counts.set(type, (counts.get(type) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])
}
