import { toneOfStatus } from '../lineage/palette.js'
import { texts } from '../text/index.js'

const ORDER = ['bad', 'warn', 'good', 'quiet'] as const

/** Outcomes of a run as one bar, with the numbers in words beneath. */
export function RunBar({ counts }: { counts: Readonly<Record<string, number>> }) {
  const words: Readonly<Record<string, string>> = texts.value.status
  const parts = Object.entries(counts).sort(
    ([a], [b]) => ORDER.indexOf(toneOfStatus(a)) - ORDER.indexOf(toneOfStatus(b)),
  )
  return (
    <>
      <div class="bar" aria-hidden="true">
        {parts.map(([status, count]) => (
          <span key={status} class={toneOfStatus(status)} style={{ flexGrow: count }} />
        ))}
      </div>
      <p class="bar-words">
        {parts.map(([status, count]) => (
          <span key={status} class={`status ${toneOfStatus(status)}`}>{`${count} ${words[status] ?? status}`}</span>
        ))}
      </p>
    </>
  )
}
