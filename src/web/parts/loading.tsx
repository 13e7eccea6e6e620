import type { ComponentChildren } from 'preact'
import { RequestError } from '../state/site.js'
import { texts } from '../text/index.js'
import type { Loaded } from './use-loaded.js'

/** What is shown while something is fetched, when that failed, and when it is there. */
export function Loading<T>({ of, children }: { of: Loaded<T>; children: (value: T) => ComponentChildren }) {
  const t = texts.value
  if (of.state === 'loading') {
    return (
      <p class="quiet" role="status">
        {t.loading}
      </p>
    )
  }
  if (of.state === 'failed') {
    return (
      <div class="notice bad" role="alert">
        <strong>{t.failed}</strong>
        <p>{of.error.message}</p>
        {of.error instanceof RequestError && of.error.hint !== null && <p class="quiet">{of.error.hint}</p>}
        <button type="button" onClick={of.retry}>
          {t.retry}
        </button>
      </div>
    )
  }
  return <>{children(of.value)}</>
}
