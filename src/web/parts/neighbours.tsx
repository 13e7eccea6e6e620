import type { ComponentChildren } from 'preact'
import type { SiteNode } from '../../serve/site/documents.js'
import { TypeBadge } from './badge.js'

interface NeighboursProps {
  readonly title: string
  readonly nodes: readonly SiteNode[]
  /** How one is gone to: a page of its own, or the graph's next choice. */
  link(node: SiteNode): ComponentChildren
}

/** What a resource stands on, or what reads it, as a list; nothing when there is none. */
export function Neighbours({ title, nodes, link }: NeighboursProps) {
  if (nodes.length === 0) return null
  return (
    <>
      <h3>{title}</h3>
      <ul class="plain">
        {nodes.map((node) => (
          <li key={node.id}>
            {link(node)} <TypeBadge type={node.type} />
          </li>
        ))}
      </ul>
    </>
  )
}
