import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { hrefOf } from '../state/route.js'
import type { Project } from '../state/site.js'
import { texts } from '../text/index.js'
import { TypeBadge } from './badge.js'

interface Hit {
  readonly number: number
  readonly column: string | null
  readonly score: number
}

const MOST = 12

/** Names first, then columns, then descriptions; the earlier in the name the better. */
export function searchProject({ nodes }: Project, text: string): readonly Hit[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return []
  const hits: Hit[] = []
  nodes.forEach((node, number) => {
    const name = node.name.toLowerCase()
    const whole = words.every((word) => name.includes(word))
    if (whole) {
      const first = name.indexOf(words[0]!)
      const isTest = node.type === 'test' || node.type === 'unit_test'
      hits.push({ number, column: null, score: (name === text.toLowerCase() ? -50 : first) + (isTest ? 200 : 0) })
      return
    }
    const column = node.columns.find((each) => words.every((word) => each.toLowerCase().includes(word)))
    if (column !== undefined) hits.push({ number, column, score: 100 + column.length })
    else if (words.every((word) => `${name} ${node.about} ${node.tags.join(' ')}`.toLowerCase().includes(word))) {
      hits.push({ number, column: null, score: 300 })
    }
  })
  return hits.sort((a, b) => a.score - b.score).slice(0, MOST)
}

/** The search field of every page: a combobox of resources and columns. `/` and Ctrl-K go to it. */
export function SearchBox({ project }: { project: Project }) {
  const t = texts.value
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const [isOpen, setOpen] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const hits = useMemo(() => searchProject(project, text), [project, text])
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const inField = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement
      if ((event.key === 'k' && (event.ctrlKey || event.metaKey)) || (event.key === '/' && !inField)) {
        event.preventDefault()
        input.current?.focus()
      }
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
  const hrefFor = ({ number, column }: Hit): string => hrefOf('node', { id: project.nodes[number]!.id, column })
  const open = (hit: Hit): void => {
    location.hash = hrefFor(hit)
    setText('')
    setOpen(false)
    input.current?.blur()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setAt(Math.min(at + 1, hits.length - 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0))
    else if (event.key === 'Enter' && hits[at] !== undefined) open(hits[at])
    else if (event.key === 'Escape') setOpen(false)
    else return
    event.preventDefault()
  }
  const isShown = isOpen && text.trim() !== ''
  return (
    <div class="search">
      <input
        ref={input}
        type="search"
        // biome-ignore lint/a11y/noRedundantRoles: a search field is a combobox only by this word
        role="combobox"
        list={undefined}
        aria-label={t.search}
        aria-expanded={isShown}
        aria-controls="search-hits"
        aria-autocomplete="list"
        {...(isShown && hits.length > 0 ? { 'aria-activedescendant': `hit-${at}` } : {})}
        placeholder={t.searchHint}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value)
          setAt(0)
          setOpen(true)
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setTimeout(() => setOpen(false), 150)}
        onKeyDown={onKeyDown}
      />
      <div id="search-hits" class="hits" role="listbox" aria-label={t.search} hidden={!isShown}>
        {hits.map((hit, index) => {
          const node = project.nodes[hit.number]!
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus, as a combobox does
            <div
              key={`${node.id} ${hit.column}`}
              id={`hit-${index}`}
              role="option"
              aria-selected={index === at}
              onMouseDown={() => open(hit)}
            >
              <span>
                {node.name}
                {hit.column !== null && <code>.{hit.column}</code>}
              </span>
              <TypeBadge type={node.type} />
            </div>
          )
        })}
        {hits.length === 0 && <p class="quiet">{t.noResults}</p>}
      </div>
    </div>
  )
}
