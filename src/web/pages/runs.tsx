import type { SiteRunDetail } from '../../serve/site/documents.js'
import { StatusBadge } from '../parts/badge.js'
import { Loading } from '../parts/loading.js'
import { RunBar } from '../parts/run-bar.js'
import { Timeline } from '../parts/timeline.js'
import { useLoaded } from '../parts/use-loaded.js'
import { duration, when } from '../parts/when.js'
import { hrefOf, route } from '../state/route.js'
import { loadDetail, loadRun, loadRuns, type Project } from '../state/site.js'
import { fill, texts } from '../text/index.js'

/** The last runs, one of them in full, and how fresh the sources are. */
export function Runs({ project }: { project: Project }) {
  const t = texts.value.runs
  const runs = useLoaded(loadRuns, [])
  return (
    <>
      <h1>{t.title}</h1>
      <Loading of={runs}>
        {(list) => {
          const chosen = list.find(({ id }) => id === route.value.params['run']) ?? list[0]
          return chosen === undefined ? (
            <p class="quiet">{t.none}</p>
          ) : (
            <>
              <div class="scroll">
                <table>
                  <thead>
                    <tr>
                      <th scope="col">{t.command}</th>
                      <th scope="col">{t.started}</th>
                      <th scope="col">{t.took}</th>
                      <th scope="col">{t.outcome}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {list.map((run) => (
                      <tr key={run.id} class={run === chosen ? 'chosen' : ''}>
                        <th scope="row">
                          <a href={hrefOf('runs', { run: run.id })} aria-current={run === chosen ? 'true' : undefined}>
                            <code>{run.command}</code>
                          </a>
                        </th>
                        <td>{when(run.startedAt)}</td>
                        <td>{duration(run.seconds)}</td>
                        <td>
                          <RunBar counts={run.counts} />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              <Run id={chosen.id} project={project} />
            </>
          )
        }}
      </Loading>
      <Health project={project} />
    </>
  )
}

function Run({ id, project }: { id: string; project: Project }) {
  const loaded = useLoaded(() => loadRun(id), [id])
  return <Loading of={loaded}>{(run) => <RunBody run={run} project={project} />}</Loading>
}

function RunBody({ run, project }: { run: SiteRunDetail; project: Project }) {
  const t = texts.value.runs
  const nameOf = (id: string): string => project.nodes[project.numberOf.get(id) ?? -1]?.name ?? id
  const failed = run.nodes.filter(({ status }) => status === 'error' || status === 'fail' || status === 'runtime error')
  const slow = [...run.nodes].sort((a, b) => b.seconds - a.seconds).slice(0, 8)
  return (
    <>
      {failed.length > 0 && (
        <section>
          <h2>{t.failed}</h2>
          {failed.map(({ id, message, status }) => (
            <details key={id} open={failed.length < 4}>
              <summary>
                <StatusBadge status={status} /> <a href={hrefOf('node', { id })}>{nameOf(id)}</a>
              </summary>
              <pre class="message">{message}</pre>
            </details>
          ))}
        </section>
      )}
      <section>
        <h2>{t.timeline}</h2>
        <Timeline nodes={run.nodes} nameOf={nameOf} />
      </section>
      <section>
        <h2>{t.slow}</h2>
        <ol class="plain">
          {slow.map(({ id, seconds }) => (
            <li key={id}>
              <a href={hrefOf('node', { id })}>{nameOf(id)}</a> <span class="quiet">{duration(seconds)}</span>
            </li>
          ))}
        </ol>
      </section>
    </>
  )
}

/** Sources that have an agreement on freshness, against it. */
function Health({ project }: { project: Project }) {
  const t = texts.value
  const sources = project.nodes.flatMap((node, number) => (node.freshness === null ? [] : [number]))
  const details = useLoaded(() => Promise.all(sources.map((each) => loadDetail(project, each))), [project])
  return (
    <section>
      <h2>{t.runs.sources}</h2>
      {sources.length === 0 ? (
        <p class="quiet">{t.runs.noSla}</p>
      ) : (
        <Loading of={details}>
          {(list) => (
            <ul class="plain">
              {list.map((detail, at) => {
                const node = project.nodes[sources[at]!]!
                const freshness = detail?.freshness
                return (
                  <li key={node.id}>
                    <a href={hrefOf('node', { id: node.id })}>{node.name}</a> <StatusBadge status={node.freshness} />{' '}
                    <span class="quiet">
                      {freshness?.loadedAt ? when(freshness.loadedAt) : t.runs.never}
                      {freshness && ', '}
                      {freshness &&
                        fill(t.node.sla, { warn: freshness.warnAfter ?? '—', error: freshness.errorAfter ?? '—' })}
                    </span>
                  </li>
                )
              })}
            </ul>
          )}
        </Loading>
      )}
    </section>
  )
}
