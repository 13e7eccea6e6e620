import type { Project } from '../state/site.js'

/** What stands in the picture: a resource, or a group of them under one roof. */
export interface Box {
  /** `unique_id`, or `group:` and its name. */
  readonly key: string
  readonly title: string
  /** Second line: the count of a group. */
  readonly note: string
  /** Numbers of the resources in it. */
  readonly members: readonly number[]
  readonly isGroup: boolean
  /** How far down the graph its members stand, on average: groups may read each other, so edges cannot tell. */
  readonly rank: number
  /** Columns drawn in the box. */
  readonly columns: readonly string[]
}

export interface Picture {
  readonly boxes: readonly Box[]
  /** Pairs of indexes into `boxes`. */
  readonly edges: readonly (readonly [number, number])[]
}

export type GroupBy = 'none' | 'folder' | 'layer' | 'package' | 'type'

export interface PictureOptions {
  /** Numbers of the resources to draw. */
  readonly shown: ReadonlySet<number>
  readonly groupBy: GroupBy
  /** Keys of groups that are open. */
  readonly open: ReadonlySet<string>
  /** Columns to list in their boxes, by resource. */
  readonly columns: ReadonlyMap<number, ReadonlySet<string>>
}

/** Resources as boxes; those of a closed group become one. Edges between the same boxes are drawn once. */
export function picturesOf(project: Project, { shown, groupBy, open, columns }: PictureOptions): Picture {
  const boxes: Box[] = []
  const depths = depthsOf(project)
  const boxOf = new Map<number, number>()
  const groups = new Map<string, number[]>()
  for (const number of shown) {
    const group = groupBy === 'none' ? null : groupName(project, number, groupBy)
    if (group !== null && !open.has(`group:${group}`)) {
      const members = groups.get(group)
      if (members === undefined) groups.set(group, [number])
      else members.push(number)
      continue
    }
    const node = project.nodes[number]!
    boxOf.set(number, boxes.length)
    boxes.push({
      key: node.id,
      title: node.name,
      note: '',
      members: [number],
      isGroup: false,
      rank: depths[number]!,
      columns: [...(columns.get(number) ?? [])],
    })
  }
  for (const [name, members] of groups) {
    for (const member of members) boxOf.set(member, boxes.length)
    boxes.push({
      key: `group:${name}`,
      // Of a long path the end tells folders apart.
      title: name.split('/').slice(-2).join('/'),
      note: String(members.length),
      members,
      isGroup: true,
      rank: members.reduce((sum, member) => sum + depths[member]!, 0) / members.length,
      columns: [],
    })
  }
  return { boxes, edges: edgesBetween(project, boxOf) }
}

const known = new WeakMap<Project, Float64Array>()

/** Longest way from a start, of every resource; worked out once a project. */
function depthsOf(project: Project): Float64Array {
  const found = known.get(project)
  if (found !== undefined) return found
  const depths = new Float64Array(project.nodes.length)
  const waiting = project.parents.map((parents) => parents.length)
  const open = waiting.flatMap((count, number) => (count === 0 ? [number] : []))
  for (let number = open.pop(); number !== undefined; number = open.pop()) {
    for (const child of project.children[number]!) {
      depths[child] = Math.max(depths[child]!, depths[number]! + 1)
      if (--waiting[child]! === 0) open.push(child)
    }
  }
  known.set(project, depths)
  return depths
}

function edgesBetween(project: Project, boxOf: ReadonlyMap<number, number>): [number, number][] {
  const seen = new Set<number>()
  const edges: [number, number][] = []
  for (const [number, to] of boxOf) {
    for (const parent of project.parents[number]!) {
      const from = boxOf.get(parent)
      if (from === undefined || from === to) continue
      const key = from * 65_536 + to
      if (seen.has(key)) continue
      seen.add(key)
      edges.push([from, to])
    }
  }
  return edges
}

/** The group a resource belongs to. */
export function groupName(project: Project, number: number, groupBy: Exclude<GroupBy, 'none'>): string {
  const node = project.nodes[number]!
  switch (groupBy) {
    case 'type':
      return node.type
    case 'package':
      return node.package
    case 'layer':
      return node.type === 'model' && node.fqn.length > 2 ? node.fqn[1]! : node.type
    case 'folder':
      return node.path.includes('/') ? node.path.slice(0, node.path.lastIndexOf('/')) : node.type
  }
}

/** A resource and what is up to `up` steps above and `down` steps below it. */
export function around(project: Project, focus: number, up: number, down: number): Set<number> {
  const found = new Set([focus])
  const walk = (neighbours: readonly (readonly number[])[], steps: number): void => {
    let ring = [focus]
    const visited = new Set(ring)
    for (let step = 0; step < steps && ring.length > 0; step++) {
      ring = ring.flatMap((number) => neighbours[number]!).filter((number) => !visited.has(number))
      for (const number of ring) {
        visited.add(number)
        found.add(number)
      }
      ring = [...new Set(ring)]
    }
  }
  walk(project.parents, up)
  walk(project.children, down)
  return found
}
