import { useState } from 'preact/hooks'
import { Choice } from '../parts/choice.js'
import { Code } from '../parts/code.js'
import { Loading } from '../parts/loading.js'
import { useLoaded } from '../parts/use-loaded.js'
import { when } from '../parts/when.js'
import { type Answer, type CopyForm, download, explain, type Question, writtenAs } from '../state/ask.js'
import { fill, texts } from '../text/index.js'
import { Chart } from './chart.js'

const TABS = ['chart', 'table', 'sql', 'proof', 'copyAs'] as const
type Tab = (typeof TABS)[number]
const FORMS: readonly CopyForm[] = ['curl', 'python', 'yaml']
/** Rows drawn in the table: the whole answer is in the download. */
const MOST_ROWS = 500

/** An answer as chart, table, SQL and proof. */
export function AnswerView({ answer, question }: { answer: Answer; question: Question }) {
  const t = texts.value.metrics
  const [tab, setTab] = useState<Tab>('chart')
  const [form, setForm] = useState<CopyForm>('curl')
  const save = async (format: 'csv' | 'parquet'): Promise<void> => {
    const url = URL.createObjectURL(await download(question, format))
    const link = document.createElement('a')
    link.href = url
    link.download = `${question.metrics.join('_')}.${format}`
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <>
      <div class="answer-head">
        <div role="tablist" class="tabs" aria-label={t.title}>
          {TABS.map((name) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`answer-tab-${name}`}
              aria-controls="answer-panel"
              aria-selected={tab === name}
              onClick={() => setTab(name)}
            >
              {t[name]}
            </button>
          ))}
        </div>
        <span class="quiet">
          {fill(t.rows, { n: answer.rows.length, ms: answer.milliseconds })}
          {answer.cached ? `, ${t.cached}` : ''}
        </span>
        <button type="button" onClick={() => save('csv')}>
          CSV
        </button>
        <button type="button" onClick={() => save('parquet')}>
          Parquet
        </button>
      </div>
      <div role="tabpanel" id="answer-panel" aria-labelledby={`answer-tab-${tab}`}>
        {tab === 'chart' && <Chart answer={answer} metrics={question.metrics} />}
        {tab === 'table' && <Rows answer={answer} />}
        {tab === 'sql' && <Sql question={question} />}
        {tab === 'proof' && <Proof answer={answer} />}
        {tab === 'copyAs' && (
          <>
            <Choice
              label={t.copyAs}
              value={form}
              options={FORMS.map((each) => [each, each] as const)}
              onChange={(chosen: CopyForm) => setForm(chosen)}
            />
            <Code code={writtenAs(form, question)} language={form === 'curl' ? 'bash' : form} />
          </>
        )}
      </div>
    </>
  )
}

function Sql({ question }: { question: Question }) {
  const loaded = useLoaded(() => explain(question), [question])
  return (
    <Loading of={loaded}>
      {({ sql, steps }) => (
        <>
          <Code code={sql} language="sql" />
          <ol class="steps">
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </>
      )}
    </Loading>
  )
}

function Rows({ answer }: { answer: Answer }) {
  if (answer.rows.length === 0) return <p class="quiet">{texts.value.metrics.noRows}</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard too
    <div class="scroll tall" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {answer.columns.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.rows.slice(0, MOST_ROWS).map((row, at) => (
            <tr key={at}>
              {row.map((cell, column) => (
                <td key={answer.columns[column]!.name} class={isNumber(cell) ? 'number' : ''}>
                  {shown(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function isNumber(cell: unknown): boolean {
  return typeof cell === 'number' || (typeof cell === 'string' && /^-?\d+(\.\d+)?$/.test(cell))
}

export function shown(cell: unknown): string {
  if (cell === null || cell === undefined) return '—'
  if (typeof cell === 'number') return new Intl.NumberFormat(undefined, { maximumFractionDigits: 4 }).format(cell)
  if (typeof cell === 'string') return cell.replace(/[T ]00:00:00(\.0+)?(Z|\+00(:00)?)?$/, '')
  return JSON.stringify(cell)
}

function Proof({ answer }: { answer: Answer }) {
  const t = texts.value.metrics
  const { proof } = answer
  const word = (value: boolean | null): string => (value === null ? t.unknown : value ? t.yes : t.no)
  return (
    <dl>
      <div>
        <dt>{t.built}</dt>
        <dd>
          {proof.built_at === null ? t.unknown : when(proof.built_at)} {proof.build_id && <code>{proof.build_id}</code>}
        </dd>
      </div>
      <div>
        <dt>{t.fresh}</dt>
        <dd>{word(proof.fresh)}</dd>
      </div>
      <div>
        <dt>{t.tested}</dt>
        <dd>
          {word(proof.tested)} {proof.failed_tests.join(', ')}
        </dd>
      </div>
      <div>
        <dt>{t.reads}</dt>
        <dd>
          <ul class="plain">
            {proof.nodes.map(({ unique_id, status, last_built }) => (
              <li key={unique_id}>
                <a href={`#/node?id=${encodeURIComponent(unique_id)}`}>{unique_id}</a>{' '}
                <span class="quiet">
                  {status} {last_built === null ? '' : when(last_built)}
                </span>
              </li>
            ))}
          </ul>
        </dd>
      </div>
    </dl>
  )
}
