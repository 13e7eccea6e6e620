/** Whether all words of a search are somewhere in the texts; no words find everything. */
export function matchesSearch(search: string | undefined, texts: readonly (string | null | undefined)[]): boolean {
  const words = (search ?? '').toLowerCase().split(/\s+/)
  const all = texts.map((text) => text?.toLowerCase() ?? '').join('\n')
  return words.every((word) => all.includes(word))
}
