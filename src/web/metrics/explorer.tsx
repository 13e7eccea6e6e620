import { useEffect, useMemo, useState } from 'preact/hooks'
import type { SiteMetrics } from '../../serve/site/documents.js'
import { Loading } from '../parts/loading.js'
import { type Loaded, useLoaded } from '../parts/use-loaded.js'
import { type Answer, ask, type Question } from '../state/ask.js'
import { adjust, route } from '../state/route.js'
import { texts } from '../text/index.js'
import { AnswerView } from './answer-view.js'

const GRAINS = ['day', 'week', 'month', 'quarter', 'year']

/** A form for questions; the question stands in the address, so that a link asks it again. */
export function Explorer({ site }: { site: SiteMetrics }) {
  const t = texts.value.metrics
  const question = useMemo(() => questionOf(route.value.params), [route.value])
  const possible = useMemo(() => possibleItems(site, question.metrics), [site, question])
  const times = site.dimensions.filter(({ kind, name }) => kind === 'time' && possible.has(name))
  const others = site.dimensions.filter(({ kind, name }) => kind !== 'time' && possible.has(name))
  const [asked, setAsked] = useState(0)
  useEffect(() => {
    // A link with a question in it is answered at once.
    if (question.metrics.length > 0 && asked === 0) setAsked(1)
  }, [question, asked])
  const loaded: Loaded<Answer | null> = useLoaded(
    async () => (question.metrics.length === 0 || asked === 0 ? null : await ask(question)),
    [asked],
  )
  const set = (changes: Record<string, string | null>): void => adjust(changes)
  const toggle = (list: readonly string[], name: string): string =>
    (list.includes(name) ? list.filter((each) => each !== name) : [...list, name]).join(',')
  const grainOf = (time: string): string =>
    question.group_by.find((item) => item.startsWith(`${time}__`))?.slice(time.length + 2) ?? ''

  return (
    <form
      class="explorer"
      onSubmit={(event) => {
        event.preventDefault()
        setAsked(asked + 1)
      }}
    >
      <div class="explorer-form">
        <fieldset>
          <legend>{t.choose}</legend>
          {site.metrics.map(({ name, label }) => (
            <label key={name} class="check">
              <input
                type="checkbox"
                checked={question.metrics.includes(name)}
                onChange={() => set({ metrics: toggle(question.metrics, name) })}
              />
              {label ?? name}
            </label>
          ))}
        </fieldset>
        <fieldset>
          <legend>{t.groupBy}</legend>
          {times.map(({ name, label, grains }) => (
            <label key={name}>
              {label ?? name}
              <select
                value={grainOf(name)}
                onChange={(event) => {
                  const rest = question.group_by.filter((item) => !item.startsWith(`${name}__`))
                  const grain = event.currentTarget.value
                  set({ by: [...(grain === '' ? [] : [`${name}__${grain}`]), ...rest].join(',') })
                }}
              >
                <option value="">—</option>
                {(grains.length > 0 ? grains : GRAINS).map((grain) => (
                  <option key={grain} value={grain}>
                    {grain}
                  </option>
                ))}
              </select>
            </label>
          ))}
          {others.map(({ name, label }) => (
            <label key={name} class="check">
              <input
                type="checkbox"
                checked={question.group_by.includes(name)}
                onChange={() => set({ by: toggle(question.group_by, name) })}
              />
              {label ?? name}
            </label>
          ))}
        </fieldset>
        <fieldset>
          <legend>{t.where}</legend>
          <label>
            {t.where}
            <input
              value={question.where[0] ?? ''}
              placeholder={t.whereHint}
              spellcheck={false}
              onInput={(event) => set({ where: event.currentTarget.value })}
            />
          </label>
          <label>
            {t.from}
            <input
              type="date"
              value={question.time_constraint?.[0] ?? ''}
              onInput={(event) => set({ from: event.currentTarget.value })}
            />
          </label>
          <label>
            {t.until}
            <input
              type="date"
              value={question.time_constraint?.[1] ?? ''}
              onInput={(event) => set({ until: event.currentTarget.value })}
            />
          </label>
          <label>
            {t.limit}
            <input
              type="number"
              min={1}
              value={question.limit ?? ''}
              onInput={(event) => set({ limit: event.currentTarget.value })}
            />
          </label>
        </fieldset>
        <button type="submit" class="primary" disabled={question.metrics.length === 0}>
          {loaded.state === 'loading' ? t.asking : t.run}
        </button>
      </div>
      <div class="explorer-answer" aria-live="polite">
        <Loading of={loaded}>
          {(answer) => (answer === null ? null : <AnswerView answer={answer} question={question} />)}
        </Loading>
      </div>
    </form>
  )
}

function questionOf(params: Readonly<Record<string, string>>): Question {
  const list = (name: string): string[] => (params[name] ?? '').split(',').filter((each) => each !== '')
  const { from, until, where, limit } = params
  return {
    metrics: list('metrics'),
    group_by: list('by'),
    where: where === undefined || where.trim() === '' ? [] : [where],
    // Without a wish the rows come in the order of what they are grouped by.
    order_by: params['order'] === undefined ? list('by') : list('order'),
    limit: limit === undefined ? null : Number(limit) || null,
    time_constraint: from || until ? [from ?? null, until ?? null] : null,
  }
}

/** What all of the metrics can be grouped by. */
function possibleItems(site: SiteMetrics, chosen: readonly string[]): ReadonlySet<string> {
  const lists = site.metrics.filter(({ name }) => chosen.includes(name)).map(({ dimensions }) => dimensions)
  if (lists.length === 0) return new Set(site.dimensions.map(({ name }) => name))
  return new Set(lists[0]!.filter((name) => lists.every((list) => list.includes(name))))
}
