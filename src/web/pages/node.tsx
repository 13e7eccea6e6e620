import { useState } from 'preact/hooks'
import type { SiteDetail, SiteNode } from '../../serve/site/documents.js'
import { StatusBadge, TestsBadge, TypeBadge } from '../parts/badge.js'
import { Code } from '../parts/code.js'
import { Loading } from '../parts/loading.js'
import { Neighbours } from '../parts/neighbours.js'
import { Profile } from '../parts/profile.js'
import { Prose } from '../parts/prose.js'
import { useLoaded } from '../parts/use-loaded.js'
import { duration, when } from '../parts/when.js'
import { hrefOf, route } from '../state/route.js'
import { loadDetail, type Project } from '../state/site.js'
import { fill, texts } from '../text/index.js'

/** Types that have rows. */
const TABLES: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot', 'source'])

/** One resource: what it is, what is in it, how it is made, whether it is well, and its neighbours. */
export function NodePage({ project }: { project: Project }) {
  const id = route.value.params['id'] ?? ''
  const number = project.numberOf.get(id)
  const loaded = useLoaded(
    async () => (number === undefined ? undefined : await loadDetail(project, number)),
    [project, number],
  )
  const t = texts.value
  if (number === undefined) return <p class="notice">{t.node.notFound}</p>
  const node = project.nodes[number]!
  return (
    <article>
      <h1>{node.label ?? node.name}</h1>
      <p class="facts">
        <TypeBadge type={node.type} />
        {node.label !== null && <code>{node.name}</code>}
        <StatusBadge status={node.freshness ?? node.status} />
        <TestsBadge tests={node.tests} />
        {node.tags.map((tag) => (
          <a key={tag} class="tag" href={hrefOf('catalogue', { tag })}>
            {tag}
          </a>
        ))}
        <a class="button" href={hrefOf('lineage', { focus: node.id })}>
          {t.node.showLineage}
        </a>
        {node.type === 'metric' && (
          <a class="button" href={hrefOf('metrics', { metrics: node.name })}>
            {t.metrics.explore}
          </a>
        )}
      </p>
      <Loading of={loaded}>
        {(detail) => (detail === undefined ? null : <NodeBody project={project} number={number} detail={detail} />)}
      </Loading>
    </article>
  )
}

function NodeBody({ project, number, detail }: { project: Project; number: number; detail: SiteDetail }) {
  const t = texts.value
  const node = project.nodes[number]!
  return (
    <div class="node-body">
      <div>
        {detail.description === '' ? (
          <p class="quiet">{t.catalogue.noDescription}</p>
        ) : (
          <Prose text={detail.description} />
        )}
        {detail.metric !== null && (
          <section>
            <h2>{t.node.formula}</h2>
            <p class="formula">
              <code>{detail.metric.formula}</code>
            </p>
            {detail.metric.filter !== null && (
              <p>
                {t.node.filter}: <code>{detail.metric.filter}</code>
              </p>
            )}
          </section>
        )}
        {detail.columns.length > 0 && <Columns node={node} detail={detail} />}
        {(detail.source !== null || detail.compiled !== null) && <Codes detail={detail} />}
        {!project.index.project.isStatic && TABLES.has(node.type) && <Profile id={node.id} />}
        <Tests project={project} number={number} />
        {detail.lastRun?.message && (
          <section>
            <h2>{t.node.lastRun}</h2>
            <pre class="message">{detail.lastRun.message}</pre>
          </section>
        )}
      </div>
      <Facts project={project} number={number} detail={detail} />
    </div>
  )
}

function Columns({ node, detail }: { node: SiteNode; detail: SiteDetail }) {
  const t = texts.value.node
  const marked = route.value.params['column']?.toLowerCase()
  return (
    <section>
      <h2>{t.columns}</h2>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{t.column}</th>
              <th scope="col">{t.dataType}</th>
              <th scope="col">{t.description}</th>
              <th scope="col">{t.tests}</th>
            </tr>
          </thead>
          <tbody>
            {detail.columns.map((column) => (
              <tr key={column.name} class={column.name.toLowerCase() === marked ? 'chosen' : ''}>
                <th scope="row">
                  <a href={hrefOf('lineage', { focus: node.id, node: node.id, column: column.name })}>
                    <code>{column.name}</code>
                  </a>
                  {column.masked && <span class="tag">{t.masked}</span>}
                  {column.tags.map((tag) => (
                    <span key={tag} class="tag">
                      {tag}
                    </span>
                  ))}
                </th>
                <td>
                  <code>{column.type?.toLowerCase() ?? ''}</code>
                </td>
                <td>{column.description !== '' && <Prose text={column.description} />}</td>
                <td>{column.tests.length > 0 ? column.tests.length : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Codes({ detail }: { detail: SiteDetail }) {
  const t = texts.value.node
  const tabs = [
    ...(detail.source === null ? [] : [{ name: t.source, code: detail.source }]),
    ...(detail.compiled === null ? [] : [{ name: t.compiled, code: detail.compiled }]),
  ]
  const [at, setAt] = useState(0)
  const shown = tabs[at] ?? tabs[0]!
  return (
    <section>
      <h2>{t.code}</h2>
      <div role="tablist" class="tabs" aria-label={t.code}>
        {tabs.map(({ name }, index) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`code-tab-${index}`}
            aria-controls="code-panel"
            aria-selected={tabs[index] === shown}
            onClick={() => setAt(index)}
          >
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="code-panel" aria-labelledby={`code-tab-${tabs.indexOf(shown)}`}>
        <Code code={shown.code} language={detail.language ?? 'sql'} />
      </div>
    </section>
  )
}

function Tests({ project, number }: { project: Project; number: number }) {
  const t = texts.value.node
  const tests = project.children[number]!.map((child) => project.nodes[child]!).filter(
    ({ type }) => type === 'test' || type === 'unit_test',
  )
  const isTested = ['model', 'seed', 'source', 'snapshot'].includes(project.nodes[number]!.type)
  if (tests.length === 0) return isTested ? <p class="quiet">{t.noTests}</p> : null
  return (
    <section>
      <h2>{t.tests}</h2>
      <ul class="plain">
        {tests.map(({ id, name, status, test }) => (
          <li key={id}>
            <StatusBadge status={status ?? 'unknown'} />
            <a href={hrefOf('node', { id })}>{test === null ? name : test.name}</a>
            {test?.column != null && <code>{test.column}</code>}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Facts({ project, number, detail }: { project: Project; number: number; detail: SiteDetail }) {
  const t = texts.value.node
  const node = project.nodes[number]!
  const owner = detail.owner === null ? null : Object.values(detail.owner).filter(isShort).join(', ')
  const { freshness, lastRun } = detail
  const shown = (numbers: readonly number[]) =>
    numbers.map((each) => project.nodes[each]!).filter(({ type }) => type !== 'test' && type !== 'unit_test')
  const pageLink = ({ id, name }: SiteNode) => <a href={hrefOf('node', { id })}>{name}</a>
  const facts: readonly (readonly [string, string | null])[] = [
    [t.file, node.path],
    [t.relation, detail.relation],
    [t.materialized, node.materialized],
    [t.package, node.package === project.index.project.name ? null : node.package],
    [t.access, node.access === 'protected' ? null : node.access],
    [t.group, node.group],
    [t.owner, owner],
    [t.version, node.version === null ? null : String(node.version)],
    [t.loadedAt, freshness?.loadedAt ? when(freshness.loadedAt) : null],
    [
      t.freshness,
      freshness === null ? null : fill(t.sla, { warn: freshness.warnAfter ?? '—', error: freshness.errorAfter ?? '—' }),
    ],
    [
      t.lastRun,
      lastRun === null ? null : `${when(lastRun.finishedAt)}, ${fill(t.took, { s: duration(lastRun.seconds) })}`,
    ],
    ...detail.stats.map(({ label, value }) => [label, value] as const),
    ...Object.entries(detail.meta)
      .filter(([, value]) => isShort(value))
      .map(([name, value]) => [name, String(value)] as const),
  ]
  return (
    <aside class="panel" aria-label={t.about}>
      <h2>{t.about}</h2>
      <dl>
        {facts.map(([name, value]) =>
          value === null || value === '' ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
        {detail.url !== null && /^https?:/.test(detail.url) && (
          <div>
            <dt>{t.url}</dt>
            <dd>
              <a href={detail.url} rel="noreferrer noopener" target="_blank">
                {detail.url}
              </a>
            </dd>
          </div>
        )}
      </dl>
      <Neighbours title={texts.value.lineage.upstream} nodes={shown(project.parents[number]!)} link={pageLink} />
      <Neighbours title={texts.value.lineage.downstream} nodes={shown(project.children[number]!)} link={pageLink} />
    </aside>
  )
}

function isShort(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean'
}
