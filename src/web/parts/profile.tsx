import { useState } from 'preact/hooks'
import { request } from '../state/site.js'
import { texts } from '../text/index.js'
import { Loading } from './loading.js'
import { useLoaded } from './use-loaded.js'

interface TableProfile {
  readonly rows: number
  readonly columns: readonly {
    readonly name: string
    readonly missing: number
    readonly distinct: number
    readonly least: string | null
    readonly most: string | null
  }[]
}

/** Counts a table when it is asked to: on a large one that takes a while. */
export function Profile({ id }: { id: string }) {
  const t = texts.value.node
  const [isAsked, setAsked] = useState(false)
  return (
    <section>
      <h2>{t.profile}</h2>
      {isAsked ? (
        <Counts id={id} />
      ) : (
        <button type="button" onClick={() => setAsked(true)}>
          {t.profileHint}
        </button>
      )}
    </section>
  )
}

function Counts({ id }: { id: string }) {
  const t = texts.value.node
  const loaded = useLoaded(async () => {
    const response = await request(`api/v1/models/${encodeURIComponent(id)}/profile`)
    return (await response.json()) as TableProfile
  }, [id])
  const number = new Intl.NumberFormat()
  return (
    <Loading of={loaded}>
      {({ rows, columns }) => (
        <>
          <p>
            <b>{number.format(rows)}</b> {t.rows}
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard too */}
          <div class="scroll" tabIndex={0}>
            <table>
              <thead>
                <tr>
                  {[t.column, t.missing, t.distinct, t.least, t.most].map((title) => (
                    <th key={title} scope="col">
                      {title}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {columns.map(({ name, missing, distinct, least, most }) => (
                  <tr key={name}>
                    <th scope="row">
                      <code>{name}</code>
                    </th>
                    <td class="number">{number.format(missing)}</td>
                    <td class="number">{number.format(distinct)}</td>
                    <td>{least ?? ''}</td>
                    <td>{most ?? ''}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </Loading>
  )
}
