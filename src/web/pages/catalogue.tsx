import { useMemo, useState } from 'preact/hooks'
import type { SiteNode } from '../../serve/site/documents.js'
import { StatusBadge, TestsBadge, TypeBadge } from '../parts/badge.js'
import { Choice } from '../parts/choice.js'
import { adjust, hrefOf, route } from '../state/route.js'
import type { Project } from '../state/site.js'
import { fill, texts, typeName } from '../text/index.js'

/** Rows drawn at once: a table of thousands makes a page slow. */
const PAGE = 100

/** Every resource in one table, filtered by type, tag and words. */
export function Catalogue({ project }: { project: Project }) {
  const t = texts.value
  const { params } = route.value
  const type = params['type'] ?? ''
  const tag = params['tag'] ?? ''
  const words = params['q'] ?? ''
  const [count, setCount] = useState(PAGE)
  const tags = useMemo(() => [...new Set(project.nodes.flatMap((node) => node.tags))].sort(), [project])
  const types = useMemo(() => [...new Set(project.nodes.map((node) => node.type))], [project])
  const found = useMemo(
    () =>
      project.nodes
        .filter((node) => (type === '' ? node.type !== 'test' : node.type === type))
        .filter((node) => tag === '' || node.tags.includes(tag))
        .filter((node) => matches(node, words))
        .sort((a, b) => a.type.localeCompare(b.type) || a.name.localeCompare(b.name)),
    [project, type, tag, words],
  )
  return (
    <>
      <h1>{t.catalogue.title}</h1>
      <div class="toolbar">
        <label>
          {t.catalogue.filter}
          <input type="search" value={words} onInput={(event) => adjust({ q: event.currentTarget.value })} />
        </label>
        <Choice
          isCaptioned
          label={t.catalogue.type}
          value={type}
          options={[['', t.all] as const, ...types.map((each) => [each, typeName(each)] as const)]}
          onChange={(chosen) => adjust({ type: chosen })}
        />
        {tags.length > 0 && (
          <Choice
            isCaptioned
            label={t.catalogue.tags}
            value={tag}
            options={[['', t.all] as const, ...tags.map((each) => [each, each] as const)]}
            onChange={(chosen) => adjust({ tag: chosen })}
          />
        )}
        <span class="quiet" role="status">
          {fill(t.catalogue.count, { n: found.length })}
        </span>
      </div>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{t.catalogue.name}</th>
              <th scope="col">{t.catalogue.type}</th>
              <th scope="col">{t.catalogue.about}</th>
              <th scope="col">{t.catalogue.tags}</th>
              <th scope="col">{t.catalogue.status}</th>
              <th scope="col">{t.catalogue.tests}</th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, count).map((node) => (
              <tr key={node.id}>
                <th scope="row">
                  <a href={hrefOf('node', { id: node.id })}>{node.name}</a>
                </th>
                <td>
                  <TypeBadge type={node.type} />
                </td>
                <td class="about">{node.about}</td>
                <td>
                  {node.tags.map((each) => (
                    <a key={each} class="tag" href={hrefOf('catalogue', { tag: each })}>
                      {each}
                    </a>
                  ))}
                </td>
                <td>
                  <StatusBadge status={node.freshness ?? node.status} />
                </td>
                <td>
                  <TestsBadge tests={node.tests} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {found.length > count && (
        <button type="button" onClick={() => setCount(count + PAGE * 3)}>
          {fill(t.catalogue.more, { n: found.length - count })}
        </button>
      )}
    </>
  )
}

function matches(node: SiteNode, words: string): boolean {
  if (words.trim() === '') return true
  const text = `${node.name} ${node.about} ${node.path} ${node.columns.join(' ')}`.toLowerCase()
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
