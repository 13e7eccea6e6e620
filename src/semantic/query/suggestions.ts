import { closestNames } from '../../core/did-you-mean.js'

/** "did you mean ...?" for a name among candidates: near spellings first, then those that share its words. */
export function nearest(name: string, candidates: readonly string[], most = 5): string | undefined {
  const near = closestNames(name, candidates, most)
  const found = near.length > 0 ? near : sharingWords(name, candidates).slice(0, most)
  return found.length === 0 ? undefined : `did you mean ${found.map((candidate) => `'${candidate}'`).join(' or ')}?`
}

function sharingWords(name: string, candidates: readonly string[]): string[] {
  const words = new Set(
    name
      .toLowerCase()
      .split(/[^a-z0-9]+|_+/)
      .filter((word) => word.length > 2),
  )
  return candidates
    .map((candidate) => ({
      candidate,
      shared: candidate.split(/_+/).filter((word) => words.has(word)).length / candidate.split(/_+/).length,
    }))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared || (a.candidate < b.candidate ? -1 : 1))
    .map(({ candidate }) => candidate)
}
