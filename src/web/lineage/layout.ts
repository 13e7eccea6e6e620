import type { Picture } from './picture.js'

export interface Placed {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Layout {
  readonly boxes: readonly Placed[]
  readonly width: number
  readonly height: number
}

export const BOX_WIDTH = 190
const BOX_HEIGHT = 32
export const COLUMN_HEIGHT = 18
const GAP_X = 70
const GAP_Y = 14
/** Sweeps that sort the layers; more change nothing one can see. */
const SWEEPS = 8

/**
 * Draws an acyclic graph in layers, left to right: longest path for the layer, barycentres for the order within it,
 * then boxes are pulled towards their neighbours. Linear in the edges, so that thousands of boxes take milliseconds
 * (a general layout library needed 12 s for 1,100 boxes).
 */
export function layoutOf({ boxes, edges }: Picture): Layout {
  const parents: number[][] = boxes.map(() => [])
  const children: number[][] = boxes.map(() => [])
  for (const [from, to] of edges) {
    parents[to]!.push(from)
    children[from]!.push(to)
  }
  const height = boxes.map((box) => BOX_HEIGHT + box.columns.length * COLUMN_HEIGHT + (box.columns.length > 0 ? 6 : 0))
  const placed: Placed[] = new Array(boxes.length)
  let top = 0
  let right = 0
  const singles: number[] = []
  for (const part of components(boxes.length, parents, children)) {
    if (part.length === 1) {
      singles.push(part[0]!)
      continue
    }
    const byRank = part.some((box) => boxes[box]!.isGroup)
    const wide = byRank ? rankLayers(part, boxes) : layersOf(part, parents, children)
    sortLayers(wide, parents, children)
    const layers = wrapLayers(wide)
    const y = placeRows(layers, parents, children, height)
    let low = Number.POSITIVE_INFINITY
    let high = 0
    for (const box of part) {
      low = Math.min(low, y.get(box)!)
      high = Math.max(high, y.get(box)! + height[box]!)
    }
    layers.forEach((layer, column) => {
      for (const box of layer) {
        placed[box] = {
          x: column * (BOX_WIDTH + GAP_X),
          y: top + y.get(box)! - low,
          width: BOX_WIDTH,
          height: height[box]!,
        }
      }
    })
    right = Math.max(right, layers.length * (BOX_WIDTH + GAP_X) - GAP_X)
    top += high - low + 3 * GAP_Y
  }
  top = placeSingles(singles, height, top, Math.max(right, 6 * (BOX_WIDTH + GAP_X)), placed)
  for (const { x, width } of placed) right = Math.max(right, x + width)
  return { boxes: placed, width: right, height: top }
}

/** Boxes without an edge stand below the rest, in rows. */
function placeSingles(
  singles: readonly number[],
  height: readonly number[],
  start: number,
  width: number,
  placed: Placed[],
): number {
  let x = 0
  let y = start
  let row = 0
  for (const box of singles) {
    if (x > 0 && x + BOX_WIDTH > width) {
      x = 0
      y += row + GAP_Y
      row = 0
    }
    placed[box] = { x, y, width: BOX_WIDTH, height: height[box]! }
    row = Math.max(row, height[box]!)
    x += BOX_WIDTH + GAP_Y * 2
  }
  return singles.length > 0 ? y + row : start
}

/** Parts of the graph that nothing connects, largest first. */
function components(count: number, parents: readonly number[][], children: readonly number[][]): number[][] {
  const seen = new Uint8Array(count)
  const parts: number[][] = []
  for (let start = 0; start < count; start++) {
    if (seen[start] === 1) continue
    const part = [start]
    seen[start] = 1
    for (let at = 0; at < part.length; at++) {
      for (const next of [...parents[part[at]!]!, ...children[part[at]!]!]) {
        if (seen[next] === 1) continue
        seen[next] = 1
        part.push(next)
      }
    }
    parts.push(part)
  }
  return parts.sort((a, b) => b.length - a.length)
}

/** Layer = longest way from a start; then whatever can moves right, next to its first reader. */
function layersOf(part: readonly number[], parents: readonly number[][], children: readonly number[][]): number[][] {
  const order = topological(part, parents, children)
  const depth = new Map<number, number>()
  for (const box of order) {
    depth.set(box, Math.max(0, ...parents[box]!.map((parent) => (depth.get(parent) ?? -1) + 1)))
  }
  for (const box of order.toReversed()) {
    if (children[box]!.length === 0 || parents[box]!.length > 0) continue
    depth.set(box, Math.min(...children[box]!.map((child) => depth.get(child)!)) - 1)
  }
  const layers: number[][] = []
  for (const box of order) (layers[depth.get(box)!] ??= []).push(box)
  return Array.from(layers, (layer) => layer ?? [])
}

/** Groups may read each other, so they stand by the average depth of what is in them. */
function rankLayers(part: readonly number[], boxes: Picture['boxes']): number[][] {
  const layers = new Map<number, number[]>()
  for (const box of part) {
    const rank = Math.round(boxes[box]!.rank)
    layers.set(rank, [...(layers.get(rank) ?? []), box])
  }
  return [...layers].sort(([a], [b]) => a - b).map(([, layer]) => layer)
}

/** A layer of hundreds is broken into several columns, in turn, so that the picture keeps the shape of a screen. */
function wrapLayers(layers: readonly number[][]): number[][] {
  const count = layers.reduce((sum, layer) => sum + layer.length, 0)
  const most = Math.max(24, Math.ceil(Math.sqrt(count) * 1.6))
  return layers.flatMap((layer) => {
    const columns = Math.ceil(layer.length / most)
    return Array.from({ length: columns }, (_, column) => layer.filter((_, at) => at % columns === column))
  })
}

/** Groups of resources may read each other: what lies on such a circle is taken in the order it comes. */
function topological(part: readonly number[], parents: readonly number[][], children: readonly number[][]): number[] {
  const left = new Map(part.map((box) => [box, parents[box]!.length]))
  const ready = part.filter((box) => left.get(box) === 0)
  const order: number[] = []
  const done = new Set<number>()
  const take = (box: number): void => {
    done.add(box)
    order.push(box)
    for (const child of children[box]!) {
      const rest = left.get(child)! - 1
      left.set(child, rest)
      if (rest === 0 && !done.has(child)) ready.push(child)
    }
  }
  let next = 0
  while (order.length < part.length) {
    const box = ready.pop()
    if (box !== undefined) {
      if (!done.has(box)) take(box)
      continue
    }
    while (done.has(part[next]!)) next++
    take(part[next]!)
  }
  return order
}

function sortLayers(layers: readonly number[][], parents: readonly number[][], children: readonly number[][]): void {
  const position = new Map<number, number>()
  const number = (layer: readonly number[]): void =>
    layer.forEach((box, at) => {
      position.set(box, layer.length === 1 ? 0.5 : at / (layer.length - 1))
    })
  layers.forEach(number)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forward = sweep % 2 === 0
    const neighbours = forward ? parents : children
    for (const layer of forward ? layers : layers.toReversed()) {
      const weight = new Map<number, number>()
      for (const box of layer) {
        const near = neighbours[box]!.map((each) => position.get(each)!)
        weight.set(box, near.length === 0 ? position.get(box)! : near.reduce((a, b) => a + b, 0) / near.length)
      }
      layer.sort((a, b) => weight.get(a)! - weight.get(b)!)
      number(layer)
    }
  }
}

/** Heights: every box wants the middle of its neighbours; order and distance within a layer stay. */
function placeRows(
  layers: readonly number[][],
  parents: readonly number[][],
  children: readonly number[][],
  height: readonly number[],
): Map<number, number> {
  const y = new Map<number, number>()
  for (const layer of layers) {
    let at = 0
    for (const box of layer) {
      y.set(box, at)
      at += height[box]! + GAP_Y
    }
    for (const box of layer) y.set(box, y.get(box)! - at / 2)
  }
  for (let sweep = 0; sweep < 12; sweep++) {
    for (const layer of sweep % 2 === 0 ? layers : layers.toReversed()) {
      const wanted = layer.map((box) => {
        const near = sweep % 2 === 0 ? parents[box]! : children[box]!
        const all = near.length > 0 ? near : [...parents[box]!, ...children[box]!]
        const middle = all.reduce((sum, each) => sum + y.get(each)! + height[each]! / 2, 0) / (all.length || 1)
        return all.length === 0 ? y.get(box)! : middle - height[box]! / 2
      })
      settle(layer, wanted, height, y)
    }
  }
  return y
}

/** The places nearest to the wanted ones that keep order and distance: neighbours that collide share their shift. */
function settle(
  layer: readonly number[],
  wanted: readonly number[],
  height: readonly number[],
  y: Map<number, number>,
) {
  const blocks: { start: number; boxes: number[]; offsets: number[]; wishes: number }[] = []
  layer.forEach((box, at) => {
    let block = { start: wanted[at]!, boxes: [box], offsets: [0], wishes: wanted[at]! }
    for (let last = blocks.at(-1); last !== undefined; last = blocks.at(-1)) {
      const end = last.start + last.offsets.at(-1)! + height[last.boxes.at(-1)!]! + GAP_Y
      if (block.start >= end) break
      blocks.pop()
      const shift = last.offsets.at(-1)! + height[last.boxes.at(-1)!]! + GAP_Y
      const boxes = [...last.boxes, ...block.boxes]
      const wishes = last.wishes + block.wishes - shift * block.boxes.length
      block = {
        boxes,
        offsets: [...last.offsets, ...block.offsets.map((offset) => offset + shift)],
        wishes,
        start: wishes / boxes.length,
      }
    }
    blocks.push(block)
  })
  for (const { start, boxes, offsets } of blocks) boxes.forEach((box, at) => void y.set(box, start + offsets[at]!))
}
