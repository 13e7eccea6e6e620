import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Project } from '../state/site.js'
import { paletteVersion } from '../state/theme.js'
import { texts } from '../text/index.js'
import type { ColumnPath } from './column-path.js'
import { layoutOf } from './layout.js'
import { hit, paint, type Scene, type View } from './painter.js'
import { type ColourBy, Palette } from './palette.js'
import type { Picture } from './picture.js'

interface GraphViewProps {
  readonly project: Project
  readonly picture: Picture
  readonly colourBy: ColourBy
  /** Key of the box that is chosen. */
  readonly chosen: string | null
  readonly path: ColumnPath | null
  onChoose(key: string): void
  onOpen(key: string): void
  onColumn(node: number, column: string): void
}

const LEAST = 0.04
const MOST = 2.5

/** The picture on a canvas: pan by dragging, zoom by wheel, pinch or keys, move from box to box with the arrows. */
export function GraphView(props: GraphViewProps) {
  const { project, picture, colourBy, path } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const view = useRef<View>({ scale: 1, x: 0, y: 0 })
  const hovered = useRef<number | null>(null)
  const [status, setStatus] = useState('')
  const layout = useMemo(() => layoutOf(picture), [picture])
  const indexOf = useMemo(() => new Map(picture.boxes.map((box, at) => [box.key, at])), [picture])
  const chosen = props.chosen === null ? null : (indexOf.get(props.chosen) ?? null)
  const version = paletteVersion.value
  const palette = useMemo(() => new Palette(), [version])
  const lit = useMemo(() => litBoxes(picture, path), [picture, path])

  const scene = (): Scene => ({
    picture,
    layout,
    nodes: project.nodes,
    colourBy,
    chosen,
    hovered: hovered.current,
    lit,
    columnEdges: path?.edges ?? [],
    column: path === null ? null : { box: indexOf.get(project.nodes[path.node]!.id) ?? -1, name: path.column },
  })
  const latest = useRef(scene)
  latest.current = scene
  const frame = useRef(0)
  const draw = (): void => {
    cancelAnimationFrame(frame.current)
    frame.current = requestAnimationFrame(() => {
      if (canvas.current === null) return
      paint(canvas.current, latest.current(), view.current, palette)
      performance.mark('graph-painted')
    })
  }
  const shot = useRef<Shot | null>(null)
  /** While the picture is moved, the last one painted is moved; now and then it is painted anew. */
  const move = (): void => {
    cancelAnimationFrame(frame.current)
    frame.current = requestAnimationFrame(() => {
      const element = canvas.current
      if (element === null) return
      const now = performance.now()
      const last = shot.current
      if (
        last !== null &&
        now - last.paintedAt < Math.max(60, last.cost * 3) &&
        last.view.scale === view.current.scale
      ) {
        moveShot(element, last, view.current, palette.get('canvas'))
        return
      }
      paint(element, latest.current(), view.current, palette)
      shot.current = takeShot(element, view.current, performance.now() - now, last)
    })
  }
  const settle = (): void => {
    shot.current = null
    draw()
  }
  const showAll = (): void => {
    if (canvas.current === null) return
    const { clientWidth: width, clientHeight: height } = canvas.current
    const scale = Math.min(1, (width - 48) / layout.width, (height - 48) / layout.height)
    const bounded = Math.max(LEAST, scale)
    view.current = {
      scale: bounded,
      x: (width - layout.width * bounded) / 2,
      y: (height - layout.height * bounded) / 2,
    }
    draw()
  }
  const zoom = (factor: number, atX?: number, atY?: number): void => {
    const element = canvas.current
    if (element === null) return
    const { scale, x, y } = view.current
    const next = Math.min(MOST, Math.max(LEAST, scale * factor))
    const px = atX ?? element.clientWidth / 2
    const py = atY ?? element.clientHeight / 2
    view.current = { scale: next, x: px - ((px - x) * next) / scale, y: py - ((py - y) * next) / scale }
    draw()
  }
  /** Brings a box onto the screen when it is off it. */
  const reveal = (at: number): void => {
    const element = canvas.current
    const place = layout.boxes[at]
    if (element === null || place === undefined) return
    const { scale, x, y } = view.current
    const left = place.x * scale + x
    const top = place.y * scale + y
    const isSeen =
      left > 0 &&
      top > 0 &&
      left + place.width * scale < element.clientWidth &&
      top + place.height * scale < element.clientHeight
    const bounded = Math.max(scale, 0.45)
    if (isSeen && bounded === scale) return
    view.current = {
      scale: bounded,
      x: element.clientWidth / 2 - (place.x + place.width / 2) * bounded,
      y: element.clientHeight / 2 - (place.y + place.height / 2) * bounded,
    }
    draw()
  }

  useEffect(() => {
    showAll()
    if (chosen !== null) reveal(chosen)
  }, [layout])
  useEffect(draw)
  useEffect(() => {
    const element = canvas.current!
    const sized = new ResizeObserver(draw)
    sized.observe(element)
    const wheel = (event: WheelEvent): void => {
      event.preventDefault()
      const box = element.getBoundingClientRect()
      zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), event.clientX - box.left, event.clientY - box.top)
    }
    element.addEventListener('wheel', wheel, { passive: false })
    return () => {
      sized.disconnect()
      element.removeEventListener('wheel', wheel)
      cancelAnimationFrame(frame.current)
    }
  }, [layout])

  const choose = (at: number): void => {
    const box = picture.boxes[at]!
    props.onChoose(box.key)
    setStatus(box.isGroup ? `${box.title}, ${box.note}` : `${box.title}, ${project.nodes[box.members[0]!]!.type}`)
    reveal(at)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key]
    if (step !== undefined) {
      const next = neighbourOf(layout.boxes, chosen, step)
      if (next !== null) choose(next)
    } else if (event.key === '+' || event.key === '=') zoom(1.25)
    else if (event.key === '-') zoom(0.8)
    else if (event.key === '0') showAll()
    else if ((event.key === 'Enter' || event.key === ' ') && chosen !== null) props.onOpen(picture.boxes[chosen]!.key)
    else return
    event.preventDefault()
  }
  const pointers = usePointers({
    view,
    zoom,
    move,
    settle,
    at: (x, y) => hit(latest.current(), view.current, x, y),
    onHover(found) {
      const box = found?.box ?? null
      if (canvas.current !== null) canvas.current.style.cursor = box === null ? 'grab' : 'pointer'
      if (box === hovered.current) return
      hovered.current = box
      draw()
    },
    onClick(found) {
      if (found === null) return
      const box = picture.boxes[found.box]!
      if (found.column !== null) props.onColumn(box.members[0]!, found.column)
      else if (box.isGroup) props.onOpen(box.key)
      else choose(found.box)
    },
    onDouble: (found) => found !== null && props.onOpen(picture.boxes[found.box]!.key),
  })

  const t = texts.value.lineage
  return (
    <div class="graph" data-boxes={picture.boxes.length} data-column-edges={path?.edges.length ?? 0}>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it takes the keys itself */}
      <canvas
        ref={canvas}
        tabIndex={0}
        role="application"
        aria-label={t.graph}
        aria-describedby="graph-status"
        onKeyDown={onKeyDown}
        {...pointers}
      />
      <p id="graph-status" class="visually-hidden" aria-live="polite">
        {status}
      </p>
      <fieldset class="graph-tools" aria-label={t.title}>
        <button type="button" onClick={() => zoom(1.25)} aria-label={t.zoomIn}>
          +
        </button>
        <button type="button" onClick={() => zoom(0.8)} aria-label={t.zoomOut}>
          −
        </button>
        <button type="button" onClick={showAll}>
          {t.fit}
        </button>
      </fieldset>
    </div>
  )
}

/** A picture that was painted, to be shown at another place. */
interface Shot {
  readonly image: HTMLCanvasElement
  readonly view: View
  readonly paintedAt: number
  /** Milliseconds it took to paint. */
  readonly cost: number
}

function takeShot(canvas: HTMLCanvasElement, view: View, cost: number, last: Shot | null): Shot {
  const image = last?.image ?? document.createElement('canvas')
  image.width = canvas.width
  image.height = canvas.height
  image.getContext('2d')?.drawImage(canvas, 0, 0)
  return { image, view, paintedAt: performance.now(), cost }
}

function moveShot(canvas: HTMLCanvasElement, shot: Shot, view: View, background: string): void {
  const context = canvas.getContext('2d')
  if (context === null) return
  const ratio = devicePixelRatio || 1
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.fillStyle = background
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(shot.image, (view.x - shot.view.x) * ratio, (view.y - shot.view.y) * ratio)
}

/** Boxes on the path of a column; null when all are equal. */
function litBoxes({ boxes }: Picture, path: ColumnPath | null): ReadonlySet<number> | null {
  if (path === null) return null
  const lit = new Set<number>()
  boxes.forEach((box, at) => {
    if (box.members.some((member) => path.nodes.has(member))) lit.add(at)
  })
  return lit
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** The nearest box in a direction. */
function neighbourOf(
  boxes: readonly { readonly x: number; readonly y: number }[],
  from: number | null,
  [dx, dy]: readonly [number, number],
): number | null {
  if (from === null) return boxes.length > 0 ? 0 : null
  const here = boxes[from]!
  let best: number | null = null
  let least = Number.POSITIVE_INFINITY
  boxes.forEach((box, at) => {
    const along = (box.x - here.x) * dx + (box.y - here.y) * dy
    if (at === from || along < 4) return
    const across = Math.abs((box.x - here.x) * dy) + Math.abs((box.y - here.y) * dx)
    const distance = along + across * 2.5
    if (distance < least) {
      least = distance
      best = at
    }
  })
  return best
}

type Found = ReturnType<typeof hit>

interface PointerHandling {
  readonly view: { current: View }
  zoom(factor: number, x: number, y: number): void
  move(): void
  settle(): void
  at(x: number, y: number): Found
  onHover(found: Found): void
  onClick(found: Found): void
  onDouble(found: Found): void
}

/** Dragging, pinching and clicking, by mouse, pen or finger. */
function usePointers(handling: PointerHandling) {
  const down = useRef(new Map<number, { x: number; y: number }>())
  const moved = useRef(0)
  const place = (event: PointerEvent | MouseEvent): { x: number; y: number } => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  return {
    onPointerDown(event: PointerEvent) {
      ;(event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)
      down.current.set(event.pointerId, place(event))
      moved.current = 0
    },
    onPointerMove(event: PointerEvent) {
      const here = place(event)
      const before = down.current.get(event.pointerId)
      if (before === undefined) {
        handling.onHover(handling.at(here.x, here.y))
        return
      }
      const others = [...down.current].filter(([id]) => id !== event.pointerId).map(([, point]) => point)
      down.current.set(event.pointerId, here)
      const { view } = handling
      const other = others[0]
      if (other !== undefined) {
        const was = Math.hypot(before.x - other.x, before.y - other.y)
        const is = Math.hypot(here.x - other.x, here.y - other.y)
        handling.zoom(is / (was || 1), (here.x + other.x) / 2, (here.y + other.y) / 2)
        moved.current = 100
        return
      }
      moved.current += Math.abs(here.x - before.x) + Math.abs(here.y - before.y)
      view.current = { ...view.current, x: view.current.x + here.x - before.x, y: view.current.y + here.y - before.y }
      handling.move()
    },
    onPointerUp(event: PointerEvent) {
      down.current.delete(event.pointerId)
      const { x, y } = place(event)
      if (moved.current >= 5) handling.settle()
      else if (down.current.size === 0) handling.onClick(handling.at(x, y))
    },
    onPointerCancel(event: PointerEvent) {
      down.current.delete(event.pointerId)
    },
    onDblClick(event: MouseEvent) {
      const { x, y } = place(event)
      handling.onDouble(handling.at(x, y))
    },
  }
}
