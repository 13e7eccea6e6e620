import { useEffect, useState } from 'preact/hooks'
import { texts } from '../text/index.js'

type Highlight = (code: string, language: string) => string
let loading: Promise<Highlight> | undefined

/** The highlighter is loaded with the first piece of code. */
function loadHighlight(): Promise<Highlight> {
  loading ??= import('./highlight.js').then(({ highlight }) => highlight)
  return loading
}

/** A piece of code with colours and a button that copies it. */
export function Code({ code, language }: { code: string; language: string }) {
  const [html, setHtml] = useState<string | null>(null)
  const [isCopied, setCopied] = useState(false)
  const t = texts.value
  useEffect(() => {
    let isCurrent = true
    setHtml(null)
    loadHighlight().then((highlight) => isCurrent && setHtml(highlight(code, language)))
    return () => {
      isCurrent = false
    }
  }, [code, language])
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(code)
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <div class="code">
      <button type="button" onClick={copy} aria-live="polite">
        {isCopied ? t.copied : t.copy}
      </button>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, by keyboard too */}
      <pre tabIndex={0}>
        {html === null ? <code>{code}</code> : <code class="hljs" dangerouslySetInnerHTML={{ __html: html }} />}
      </pre>
    </div>
  )
}
