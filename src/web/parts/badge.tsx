import type { SiteNode, TestCounts } from '../../serve/site/documents.js'
import { toneOfStatus } from '../lineage/palette.js'
import { texts, typeName } from '../text/index.js'

/** The type of a resource, as a coloured mark with its name. */
export function TypeBadge({ type }: { type: SiteNode['type'] }) {
  return (
    <span class="type">
      <span class="dot" style={{ background: `var(--type-${type.replaceAll('_', '-')})` }} aria-hidden="true" />
      {typeName(type)}
    </span>
  )
}

/** The outcome of a run or check: colour, sign and word. */
export function StatusBadge({ status }: { status: string | null }) {
  if (status === null) return <span class="quiet">—</span>
  const tone = toneOfStatus(status)
  const words: Readonly<Record<string, string>> = texts.value.status
  return (
    <span class={`status ${tone}`}>
      <span aria-hidden="true">{SIGNS[tone]}</span> {words[status] ?? status}
    </span>
  )
}

const SIGNS = { good: '✓', warn: '!', bad: '✕', quiet: '·' }

/** `✓ 12  ! 1  ✕ 2` */
export function TestsBadge({ tests }: { tests: TestCounts }) {
  const { pass, warn, fail, unknown } = tests
  if (pass + warn + fail + unknown === 0) return <span class="quiet">—</span>
  const t = texts.value.status
  return (
    <span class="tests">
      {fail > 0 && <span class="status bad" title={t.fail}>{`✕ ${fail}`}</span>}
      {warn > 0 && <span class="status warn" title={t.warn}>{`! ${warn}`}</span>}
      {pass > 0 && <span class="status good" title={t.pass}>{`✓ ${pass}`}</span>}
      {unknown > 0 && <span class="status quiet" title={t.unknown}>{`? ${unknown}`}</span>}
    </span>
  )
}
