import type { SiteNode } from '../../serve/site/documents.js'
import { adjust, hrefOf } from '../state/route.js'
import { loadColumns, type Project } from '../state/site.js'
import { fill, texts } from '../text/index.js'
import { StatusBadge, TestsBadge, TypeBadge } from './badge.js'
import { Neighbours } from './neighbours.js'
import { useLoaded } from './use-loaded.js'

interface NodePanelProps {
  readonly project: Project
  readonly number: number
  readonly column: string | null
  onColumn(name: string): void
}

/** The chosen resource beside the graph: what it is, its columns, and its neighbours as lists for those who read. */
export function NodePanel({ project, number, column, onColumn }: NodePanelProps) {
  const t = texts.value
  const node = project.nodes[number]!
  const lineage = useLoaded(loadColumns, [])
  const shown = (numbers: readonly number[]) =>
    numbers.map((each) => project.nodes[each]!).filter(({ type }) => type !== 'test')
  const choose = ({ id, name }: SiteNode) => (
    <button type="button" class="link" onClick={() => adjust({ node: id, column: null })}>
      {name}
    </button>
  )
  const reason = lineage.state === 'ready' ? lineage.value.tableLevel.find(([each]) => each === number)?.[1] : undefined
  return (
    <aside class="panel" aria-label={node.name}>
      <h2>{node.name}</h2>
      <p>
        <TypeBadge type={node.type} /> {node.materialized !== null && <span class="quiet">{node.materialized}</span>}
      </p>
      {node.about !== '' && <p>{node.about}</p>}
      <p>
        <StatusBadge status={node.status} /> <TestsBadge tests={node.tests} />
      </p>
      <p class="actions">
        <a class="button" href={hrefOf('node', { id: node.id })}>
          {t.lineage.openPage}
        </a>
        <button type="button" onClick={() => adjust({ focus: node.id, node: node.id, select: null, open: null })}>
          {t.lineage.focusHere}
        </button>
      </p>
      <h3>{t.lineage.columns}</h3>
      {reason !== undefined && <p class="quiet">{fill(t.lineage.tableLevel, { reason })}</p>}
      {node.columns.length === 0 ? (
        <p class="quiet">{t.lineage.noColumns}</p>
      ) : (
        <ul class="plain columns">
          {node.columns.map((name) => (
            <li key={name}>
              <button type="button" class="link" aria-pressed={name === column} onClick={() => onColumn(name)}>
                <code>{name}</code>
              </button>
            </li>
          ))}
        </ul>
      )}
      <Neighbours title={t.lineage.upstream} nodes={shown(project.parents[number]!)} link={choose} />
      <Neighbours title={t.lineage.downstream} nodes={shown(project.children[number]!)} link={choose} />
    </aside>
  )
}
