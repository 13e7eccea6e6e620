import { useEffect, useRef } from 'preact/hooks'
import { Catalogue } from './pages/catalogue.js'
import { Lineage } from './pages/lineage.js'
import { Metrics } from './pages/metrics.js'
import { NodePage } from './pages/node.js'
import { Overview } from './pages/overview.js'
import { Runs } from './pages/runs.js'
import { Choice } from './parts/choice.js'
import { Loading } from './parts/loading.js'
import { SearchBox } from './parts/search-box.js'
import { useLoaded } from './parts/use-loaded.js'
import { when } from './parts/when.js'
import { remember } from './state/remembered.js'
import { hrefOf, type Page, route } from './state/route.js'
import { giveToken, loadProject, needsToken, type Project } from './state/site.js'
import { THEMES, type Theme, theme } from './state/theme.js'
import { fill, LANGUAGE_NAMES, type Language, language, texts } from './text/index.js'

const SECTIONS = ['overview', 'lineage', 'catalogue', 'metrics', 'runs'] as const

const VIEWS: { readonly [P in Page]: (props: { project: Project }) => preact.JSX.Element } = {
  overview: Overview,
  lineage: Lineage,
  catalogue: Catalogue,
  node: NodePage,
  metrics: Metrics,
  runs: Runs,
}

export function App() {
  const t = texts.value
  // A token that was just given is a reason to ask again.
  const loaded = useLoaded(loadProject, [needsToken.value])
  const { page } = route.value
  const main = useRef<HTMLElement>(null)
  const first = useRef(true)
  useEffect(() => {
    document.documentElement.lang = language.value
    document.title = `${page === 'node' ? (route.value.params['id']?.split('.').at(-1) ?? '') : t.nav[page]} · Plumbline`
    // The reader of a screen hears that the page is another one; at the start the focus stays where it is.
    if (!first.current) main.current?.focus()
    first.current = false
  }, [page, t])
  const View = VIEWS[page]
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        {t.skip}
      </button>
      <header>
        <a class="brand" href={hrefOf('overview')}>
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <path d="M16 2v14" />
            <path class="bob" d="M9 16h14l-7 14z" />
          </svg>
          Plumbline
        </a>
        <nav aria-label="Plumbline">
          {SECTIONS.map((name) => {
            const isHere = name === page || (name === 'catalogue' && page === 'node')
            return (
              <a key={name} href={hrefOf(name)} aria-current={isHere ? 'page' : undefined}>
                {t.nav[name]}
              </a>
            )
          })}
        </nav>
        {loaded.state === 'ready' && <SearchBox project={loaded.value} />}
        <div class="settings">
          <Choice
            label={t.changeLanguage}
            value={language.value}
            options={LANGUAGE_NAMES}
            onChange={(code: Language) => {
              language.value = code
              remember('language', code)
            }}
          />
          <Choice
            label={t.changeTheme}
            value={theme.value}
            options={THEMES.map((each) => [each, t.theme[each]] as const)}
            onChange={(chosen: Theme) => {
              theme.value = chosen
            }}
          />
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1} class={`page-${page}`}>
        {needsToken.value ? (
          <SignIn />
        ) : (
          <Loading of={loaded}>
            {(project) => (
              <>
                <StaticNote project={project} />
                <View project={project} />
              </>
            )}
          </Loading>
        )}
      </main>
    </>
  )
}

function StaticNote({ project }: { project: Project }) {
  const { isStatic, generatedAt, madeFor } = project.index.project
  if (!isStatic && madeFor === null) return null
  const t = texts.value
  return (
    <p class="static-note">
      {isStatic && fill(t.staticNote, { when: when(generatedAt) })}{' '}
      {madeFor === null ? isStatic && t.madeForOwner : fill(t.madeFor, { who: madeFor })}
    </p>
  )
}

function SignIn() {
  const t = texts.value
  return (
    <form
      class="notice"
      onSubmit={(event) => {
        event.preventDefault()
        giveToken(String(new FormData(event.currentTarget).get('token') ?? '').trim())
      }}
    >
      <label>
        {t.token}
        <input name="token" type="password" autocomplete="current-password" required />
      </label>
      <button type="submit">{t.signIn}</button>
    </form>
  )
}
