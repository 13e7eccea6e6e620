import type { SiteNode } from '../../serve/site/documents.js'
import type { ColumnEdge } from './column-path.js'
import { COLUMN_HEIGHT, type Layout, type Placed } from './layout.js'
import { type ColourBy, type Palette, toneOf } from './palette.js'
import type { Box, Picture } from './picture.js'

/** Which part of the drawing is seen: screen = world * scale + offset. */
export interface View {
  readonly scale: number
  readonly x: number
  readonly y: number
}

export interface Scene {
  readonly picture: Picture
  readonly layout: Layout
  readonly nodes: readonly SiteNode[]
  readonly colourBy: ColourBy
  /** Index of the box under the keyboard or last clicked. */
  readonly chosen: number | null
  readonly hovered: number | null
  /** Boxes that stay bright; null when all do. */
  readonly lit: ReadonlySet<number> | null
  readonly columnEdges: readonly ColumnEdge[]
  readonly column: { readonly box: number; readonly name: string } | null
}

const HEAD = 32
/** Below this scale texts cannot be read and bends not seen. */
const TINY = 0.28

/** Paints the part of a scene that is on the screen. */
export function paint(canvas: HTMLCanvasElement, scene: Scene, view: View, palette: Palette): void {
  const context = canvas.getContext('2d')
  if (context === null) return
  const ratio = devicePixelRatio || 1
  const { clientWidth: width, clientHeight: height } = canvas
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio)
    canvas.height = Math.round(height * ratio)
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.fillStyle = palette.get('canvas')
  context.fillRect(0, 0, width, height)
  context.setTransform(ratio * view.scale, 0, 0, ratio * view.scale, ratio * view.x, ratio * view.y)
  const seen = {
    left: -view.x / view.scale,
    top: -view.y / view.scale,
    right: (width - view.x) / view.scale,
    bottom: (height - view.y) / view.scale,
  }
  paintEdges(context, scene, view.scale, seen, palette)
  if (scene.columnEdges.length > 0) paintColumnEdges(context, scene, view.scale, palette)
  scene.layout.boxes.forEach((place, at) => {
    if (place.x > seen.right || place.x + place.width < seen.left) return
    if (place.y > seen.bottom || place.y + place.height < seen.top) return
    paintBox(context, scene, at, place, view.scale, palette)
  })
}

interface Window {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

function paintEdges(
  context: CanvasRenderingContext2D,
  { picture, layout, lit, chosen, hovered, columnEdges }: Scene,
  scale: number,
  seen: Window,
  palette: Palette,
): void {
  const near = hovered ?? chosen
  context.lineWidth = Math.max(1, 0.8 / scale)
  for (const pass of ['quiet', 'plain', 'strong'] as const) {
    context.strokeStyle = palette.get(pass === 'strong' ? 'accent' : 'edge')
    context.globalAlpha = pass === 'quiet' ? 0.18 : pass === 'plain' && columnEdges.length > 0 ? 0.3 : 1
    context.beginPath()
    for (const [from, to] of picture.edges) {
      const dim = lit !== null && !(lit.has(from) && lit.has(to))
      const strong = near !== null && (from === near || to === near)
      if ((dim ? 'quiet' : strong ? 'strong' : 'plain') !== pass) continue
      const a = layout.boxes[from]!
      const b = layout.boxes[to]!
      const x1 = a.x + a.width
      const x2 = b.x
      const y1 = a.y + HEAD / 2
      const y2 = b.y + HEAD / 2
      if (Math.min(x1, x2) > seen.right || Math.max(x1, x2) < seen.left) continue
      if (Math.min(y1, y2) > seen.bottom || Math.max(y1, y2) < seen.top) continue
      // A bend that cannot be seen costs as much as one that can.
      if (scale < TINY) {
        context.moveTo(x1, y1)
        context.lineTo(x2, y2)
      } else curve(context, x1, y1, x2, y2)
    }
    context.stroke()
  }
  context.globalAlpha = 1
}

/** From the right side of one box to the left side of another. */
function curve(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  const bend = Math.max(30, Math.abs(x2 - x1) / 2)
  context.moveTo(x1, y1)
  context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2)
}

function paintColumnEdges(
  context: CanvasRenderingContext2D,
  { picture, layout, columnEdges }: Scene,
  scale: number,
  palette: Palette,
): void {
  const boxOf = new Map<number, number>()
  picture.boxes.forEach((box, at) => {
    for (const member of box.members) boxOf.set(member, at)
  })
  context.lineWidth = Math.max(1.6, 1 / scale)
  for (const { from, fromColumn, to, toColumn, kind } of columnEdges) {
    const source = boxOf.get(from)
    const target = boxOf.get(to)
    if (source === undefined || target === undefined || source === target) continue
    context.strokeStyle = palette.get(`edge-${kind}`)
    context.setLineDash(USED.has(kind) ? [5, 4] : [])
    context.beginPath()
    const a = layout.boxes[source]!
    const b = layout.boxes[target]!
    curve(
      context,
      a.x + a.width,
      a.y + rowOf(picture.boxes[source]!, fromColumn),
      b.x,
      b.y + rowOf(picture.boxes[target]!, toColumn),
    )
    context.stroke()
  }
  context.setLineDash([])
}

/** Kinds that do not make values. */
export const USED: ReadonlySet<string> = new Set(['filtered', 'joined', 'grouped', 'partitioned', 'ordered'])

function rowOf(box: Box, column: string | null): number {
  const at = column === null ? -1 : box.columns.indexOf(column)
  return at < 0 ? HEAD / 2 : HEAD + at * COLUMN_HEIGHT + COLUMN_HEIGHT / 2
}

function paintBox(
  context: CanvasRenderingContext2D,
  scene: Scene,
  at: number,
  place: Placed,
  scale: number,
  palette: Palette,
): void {
  const box = scene.picture.boxes[at]!
  const node = scene.nodes[box.members[0]!]!
  const { x, y, width, height } = place
  context.globalAlpha = scene.lit === null || scene.lit.has(at) ? 1 : 0.25
  const tone = palette.get(box.isGroup ? 'group' : toneOf(node, scene.colourBy))
  if (scale < TINY) {
    // Too small to read: only the colour is left.
    context.fillStyle = tone
    context.fillRect(x, y, width, height)
    context.globalAlpha = 1
    return
  }
  context.fillStyle = palette.get('box')
  context.strokeStyle = palette.get(at === scene.chosen || at === scene.hovered ? 'accent' : 'box-edge')
  context.lineWidth = at === scene.chosen ? 2.5 : 1
  context.beginPath()
  context.roundRect(x, y, width, height, 6)
  context.fill()
  context.stroke()
  if (box.isGroup) {
    context.beginPath()
    context.roundRect(x + 3, y - 3, width - 6, 3, 2)
    context.stroke()
  }
  context.fillStyle = tone
  context.beginPath()
  context.roundRect(x, y, 6, height, [6, 0, 0, 6])
  context.fill()
  context.textBaseline = 'middle'
  context.fillStyle = palette.get('text')
  context.font = '13px system-ui, sans-serif'
  const room = width - 24 - (box.note === '' ? 0 : 34)
  context.fillText(shorten(context, box.title, room), x + 14, y + HEAD / 2 + 0.5)
  if (box.note !== '') {
    context.fillStyle = palette.get('text-quiet')
    context.textAlign = 'right'
    context.fillText(box.note, x + width - 10, y + HEAD / 2 + 0.5)
    context.textAlign = 'left'
  }
  box.columns.forEach((name, row) => {
    const middle = y + HEAD + row * COLUMN_HEIGHT + COLUMN_HEIGHT / 2
    const isChosen = scene.column?.box === at && scene.column.name === name
    if (isChosen) {
      context.fillStyle = palette.get('accent-soft')
      context.fillRect(x + 7, middle - COLUMN_HEIGHT / 2, width - 8, COLUMN_HEIGHT)
    }
    context.fillStyle = palette.get(isChosen ? 'text' : 'text-quiet')
    context.font = '12px ui-monospace, monospace'
    context.fillText(shorten(context, name, width - 28), x + 18, middle)
  })
  context.globalAlpha = 1
}

const shortened = new Map<string, string>()

/** A text cut to a width, with an ellipsis; remembered, because measuring is what painting spends its time on. */
function shorten(context: CanvasRenderingContext2D, text: string, width: number): string {
  const key = `${context.font} ${width} ${text}`
  let found = shortened.get(key)
  if (found !== undefined) return found
  found = text
  while (found.length > 1 && context.measureText(found === text ? text : `${found}…`).width > width) {
    found = found.slice(0, -1)
  }
  if (found !== text) found = `${found}…`
  if (shortened.size > 20_000) shortened.clear()
  shortened.set(key, found)
  return found
}

/** What lies under a point of the screen. */
export function hit(
  scene: Scene,
  view: View,
  screenX: number,
  screenY: number,
): { box: number; column: string | null } | null {
  const x = (screenX - view.x) / view.scale
  const y = (screenY - view.y) / view.scale
  for (let at = scene.layout.boxes.length - 1; at >= 0; at--) {
    const place = scene.layout.boxes[at]!
    if (x < place.x || x > place.x + place.width || y < place.y || y > place.y + place.height) continue
    const row = Math.floor((y - place.y - HEAD) / COLUMN_HEIGHT)
    return { box: at, column: row >= 0 ? (scene.picture.boxes[at]!.columns[row] ?? null) : null }
  }
  return null
}
