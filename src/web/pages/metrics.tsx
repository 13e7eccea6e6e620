import type { SiteMetric } from '../../serve/site/documents.js'
import { Explorer } from '../metrics/explorer.js'
import { Loading } from '../parts/loading.js'
import { useLoaded } from '../parts/use-loaded.js'
import { hrefOf, route } from '../state/route.js'
import { loadMetrics, type Project } from '../state/site.js'
import { texts } from '../text/index.js'

/** What the numbers mean, and the numbers. */
export function Metrics({ project }: { project: Project }) {
  const t = texts.value.metrics
  const loaded = useLoaded(loadMetrics, [])
  return (
    <>
      <h1>{t.title}</h1>
      <Loading of={loaded}>
        {(site) =>
          site.metrics.length === 0 ? (
            <p class="quiet">{t.noMetrics}</p>
          ) : (
            <>
              {project.index.project.isStatic ? (
                <p class="notice">{t.needsServer}</p>
              ) : (
                <Explorer key={route.value.params['metrics'] ?? ''} site={site} />
              )}
              {site.savedQueries.length > 0 && (
                <section>
                  <h2>{t.savedQueries}</h2>
                  <ul class="plain">
                    {site.savedQueries.map(({ name, label, metrics, groupBy }) => (
                      <li key={name}>
                        <a
                          href={hrefOf('metrics', { metrics: metrics.join(','), by: groupBy.map(plainName).join(',') })}
                        >
                          {label ?? name}
                        </a>{' '}
                        <span class="quiet">{metrics.join(', ')}</span>
                      </li>
                    ))}
                  </ul>
                </section>
              )}
              <section>
                <h2>{t.list}</h2>
                <div class="metric-cards">
                  {site.metrics.map((metric) => (
                    <MetricCard key={metric.id} metric={metric} />
                  ))}
                </div>
              </section>
            </>
          )
        }
      </Loading>
    </>
  )
}

function MetricCard({ metric }: { metric: SiteMetric }) {
  const t = texts.value.metrics
  return (
    <section class="card">
      <h3>
        <a href={hrefOf('node', { id: metric.id })}>{metric.label ?? metric.name}</a>
      </h3>
      <p class="formula">
        <code>{metric.formula}</code>
      </p>
      {metric.description !== '' && <p>{metric.description}</p>}
      {metric.owner !== null && (
        <p class="quiet">
          {t.owner}: {metric.owner}
        </p>
      )}
    </section>
  )
}

/** `TimeDimension('metric_time', 'month')` as the name queries use: `metric_time__month`. */
function plainName(item: string): string {
  const call =
    /^(?:Time)?(?:Dimension|Entity)\(\s*['"]([^'"]+)['"](?:\s*,\s*['"](\w+)['"])?\s*\)(?:\.grain\(['"](\w+)['"]\))?$/.exec(
      item,
    )
  if (call === null) return item
  const grain = call[2] ?? call[3]
  return grain === undefined ? call[1]! : `${call[1]}__${grain}`
}
