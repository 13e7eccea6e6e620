import { useEffect, useMemo, useState } from 'preact/hooks'
import { columnPath } from '../lineage/column-path.js'
import { GraphView } from '../lineage/graph-view.js'
import type { ColourBy } from '../lineage/palette.js'
import { around, type GroupBy, picturesOf } from '../lineage/picture.js'
import type { Selecting } from '../lineage/select.js'
import { Choice } from '../parts/choice.js'
import { Legend } from '../parts/legend.js'
import { NodePanel } from '../parts/node-panel.js'
import { NodePicker } from '../parts/node-picker.js'
import { useLoaded } from '../parts/use-loaded.js'
import { adjust, go, route } from '../state/route.js'
import { loadColumns, type Project } from '../state/site.js'
import { fill, texts } from '../text/index.js'

const GROUPS: readonly GroupBy[] = ['none', 'layer', 'folder', 'package', 'type']
const COLOURS: readonly ColourBy[] = ['type', 'run', 'tests', 'freshness']
/** More than this at once is drawn grouped when nothing else is asked for. */
const MANY = 400

/** The graph with what narrows it: a focus and its surroundings, a selector, groups, a column's path. */
export function Lineage({ project }: { project: Project }) {
  const t = texts.value.lineage
  const { params } = route.value
  const focus = params['focus'] === undefined ? undefined : project.numberOf.get(params['focus'])
  const up = steps(params['up'], 2)
  const down = steps(params['down'], 2)
  const withTests = params['tests'] === '1'
  const colourBy = COLOURS.find((each) => each === params['color']) ?? 'type'
  const chosen = params['node'] ?? params['focus'] ?? null
  const selector = params['select'] ?? ''
  const selecting = useSelecting(project, selector !== '')
  const column = params['column'] ?? null
  const columnNode = column === null || chosen === null ? undefined : project.numberOf.get(chosen)

  const columns = useLoaded(async () => (column === null ? null : await loadColumns()), [column === null])
  const path = useMemo(() => {
    if (columnNode === undefined || column === null || columns.state !== 'ready' || columns.value === null) return null
    return columnPath(project, columns.value, columnNode, column)
  }, [project, columns, columnNode, column])

  const found = useMemo(
    () => (selector === '' || selecting === null ? null : selecting.select(selector)),
    [selecting, selector],
  )
  const shown = useMemo(() => {
    const all =
      focus !== undefined
        ? around(project, focus, up, down)
        : typeof found === 'object' && found !== null
          ? new Set(found)
          : new Set(project.nodes.keys())
    for (const number of path?.nodes ?? []) all.add(number)
    for (const number of all) {
      const { type } = project.nodes[number]!
      if (!withTests && (type === 'test' || type === 'unit_test') && number !== focus) all.delete(number)
    }
    return all
  }, [project, focus, up, down, found, withTests, path])
  const groupBy =
    GROUPS.find((each) => each === params['group']) ?? (shown.size > MANY && path === null ? 'folder' : 'none')
  const opened = params['open'] ?? ''
  const picture = useMemo(
    () =>
      picturesOf(project, {
        shown,
        groupBy,
        open: new Set(opened.split('|')),
        columns: path?.columns ?? new Map(),
      }),
    [project, shown, groupBy, opened, path],
  )
  const chosenNumber = chosen === null ? undefined : project.numberOf.get(chosen)
  const openBox = (key: string): void => {
    if (key.startsWith('group:')) adjust({ open: [...opened.split('|').filter(Boolean), key].join('|') })
    else go('node', { id: key })
  }

  return (
    <div class="lineage">
      <h1 class="visually-hidden">{t.title}</h1>
      <div class="toolbar">
        <NodePicker
          project={project}
          label={t.focus}
          value={focus === undefined ? '' : project.nodes[focus]!.name}
          onPick={(id) => adjust({ focus: id, node: id, select: null, column: null, open: null })}
        />
        {focus !== undefined && (
          <>
            <Steps label={t.up} value={up} onChange={(value) => adjust({ up: value })} />
            <Steps label={t.down} value={down} onChange={(value) => adjust({ down: value })} />
            <button type="button" onClick={() => go('lineage', { color: params['color'] })}>
              {t.reset}
            </button>
          </>
        )}
        <SelectorField value={selector} error={typeof found === 'string' ? found : null} />
        <Choice
          isCaptioned
          label={t.group}
          value={groupBy}
          options={GROUPS.map((each) => [each, t.groups[each]] as const)}
          onChange={(group) => adjust({ group, open: null })}
        />
        <Choice
          isCaptioned
          label={t.colour}
          value={colourBy}
          options={COLOURS.map((each) => [each, t.colours[each]] as const)}
          onChange={(color) => adjust({ color: color === 'type' ? null : color })}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={withTests}
            onChange={(event) => adjust({ tests: event.currentTarget.checked ? 1 : null })}
          />
          {t.tests}
        </label>
        <span class="quiet">{fill(t.nodes, { n: shown.size })}</span>
      </div>
      {column !== null && (
        <p class="column-bar">
          {fill(t.columnPath, { column: `${chosen?.split('.').at(-1) ?? ''}.${column}` })}{' '}
          <button type="button" onClick={() => adjust({ column: null })}>
            {t.clearColumn}
          </button>
        </p>
      )}
      <div class="lineage-body">
        {picture.boxes.length === 0 ? (
          <p class="quiet">{t.empty}</p>
        ) : (
          <GraphView
            project={project}
            picture={picture}
            colourBy={colourBy}
            chosen={chosen}
            path={path}
            onChoose={(key) => adjust({ node: key, column: key === chosen ? column : path === null ? null : column })}
            onOpen={openBox}
            onColumn={(node, name) => adjust({ node: project.nodes[node]!.id, column: name })}
          />
        )}
        {chosenNumber !== undefined && (
          <NodePanel
            project={project}
            number={chosenNumber}
            column={column}
            onColumn={(name) => adjust({ node: project.nodes[chosenNumber]!.id, column: name })}
          />
        )}
      </div>
      <Legend nodes={[...shown].map((number) => project.nodes[number]!)} colourBy={colourBy} path={path} />
    </div>
  )
}

function steps(text: string | undefined, otherwise: number): number {
  const number = Number(text ?? otherwise)
  return Number.isInteger(number) && number >= 0 ? number : otherwise
}

/** The selection code is loaded with the first selector. */
function useSelecting(project: Project, isWanted: boolean): Selecting | null {
  const [selecting, setSelecting] = useState<Selecting | null>(null)
  useEffect(() => {
    if (!isWanted || selecting !== null) return
    import('../lineage/select.js').then(({ createSelecting }) => setSelecting(createSelecting(project)))
  }, [project, isWanted, selecting])
  return selecting
}

function Steps({ label, value, onChange }: { label: string; value: number; onChange(value: number): void }) {
  return (
    <label>
      {label}
      <input
        type="number"
        min={0}
        max={99}
        value={value}
        onInput={(event) => onChange(Math.max(0, Math.round(event.currentTarget.valueAsNumber || 0)))}
      />
    </label>
  )
}

function SelectorField({ value, error }: { value: string; error: string | null }) {
  const t = texts.value.lineage
  return (
    <form
      class="selector"
      onSubmit={(event) => {
        event.preventDefault()
        const text = String(new FormData(event.currentTarget).get('select') ?? '')
        adjust({ select: text, focus: null, column: null, open: null })
      }}
    >
      <label>
        {t.selector}
        <input
          name="select"
          defaultValue={value}
          key={value}
          placeholder={t.selectorHint}
          spellcheck={false}
          aria-invalid={error !== null}
          aria-describedby={error === null ? undefined : 'selector-error'}
        />
      </label>
      {error !== null && (
        <span id="selector-error" class="status bad" role="alert">
          {error}
        </span>
      )}
    </form>
  )
}
