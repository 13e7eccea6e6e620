/**
 * A description as its author meant it: paragraphs, lists, tables, `code`, **bold** and links, nothing else. No HTML of the
 * author's gets into the page.
 */
export function Prose({ text }: { text: string }) {
  const blocks = text.trim().split(/\n\s*\n/)
  return (
    <div class="prose">
      {blocks.map((block, at) => (
        <Block key={at} text={block} />
      ))}
    </div>
  )
}

function Block({ text }: { text: string }) {
  const lines = text.split('\n')
  if (lines.every((line) => /^\s*[-*] /.test(line))) {
    return (
      <ul>
        {lines.map((line) => (
          <li key={line}>{inline(line.replace(/^\s*[-*] /, ''))}</li>
        ))}
      </ul>
    )
  }
  if (lines.length > 1 && /^\s*\|?[\s:|-]+\|?\s*$/.test(lines[1]!) && lines[0]!.includes('|')) {
    const [head, , ...rows] = lines.map(cellsOf)
    return (
      <table>
        <thead>
          <tr>
            {head!.map((cell) => (
              <th key={cell} scope="col">
                {inline(cell)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.join('|')}>
              {row.map((cell) => (
                <td key={cell}>{inline(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    )
  }
  const heading = /^(#{1,4}) (.*)$/.exec(text)
  if (heading !== null) return <h4>{inline(heading[2]!)}</h4>
  return <p>{inline(text)}</p>
}

/** The cells of a line of a Markdown table. */
function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim())
}

const MARKS = /(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\(https?:\/\/[^)\s]+\))/

function inline(text: string) {
  return text.split(MARKS).map((part) => {
    if (part.startsWith('`') && part.length > 2) return <code>{part.slice(1, -1)}</code>
    if (part.startsWith('**') && part.length > 4) return <strong>{part.slice(2, -2)}</strong>
    const link = /^\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)$/.exec(part)
    if (link !== null) {
      return (
        <a href={link[2]!} rel="noreferrer noopener" target="_blank">
          {link[1]}
        </a>
      )
    }
    return part
  })
}
