import { useEffect, useMemo, useRef } from 'preact/hooks'
import type uPlot from 'uplot'
import { Palette } from '../lineage/palette.js'
import type { Answer } from '../state/ask.js'
import { paletteVersion } from '../state/theme.js'
import { texts } from '../text/index.js'
import { type Drawing, drawingOf } from './drawing.js'

/** Lines over time, bars over anything else. The table says the same to who cannot see it. */
export function Chart({ answer, metrics }: { answer: Answer; metrics: readonly string[] }) {
  const place = useRef<HTMLDivElement>(null)
  const drawing = useMemo(() => drawingOf(answer, metrics), [answer, metrics])
  const version = paletteVersion.value
  useEffect(() => {
    const element = place.current
    if (element === null || drawing === null) return
    let chart: { destroy(): void } | undefined
    let isCurrent = true
    const draw = async (): Promise<void> => {
      const { default: UPlot } = await import('uplot')
      if (!isCurrent) return
      chart?.destroy()
      chart = new UPlot(optionsOf(drawing, UPlot, element.clientWidth), drawing.data, element)
    }
    draw()
    const sized = new ResizeObserver(() => draw())
    sized.observe(element)
    return () => {
      isCurrent = false
      sized.disconnect()
      chart?.destroy()
    }
  }, [drawing, version])
  if (drawing === null) return <p class="quiet">{texts.value.metrics.noRows}</p>
  if (drawing.single !== null) {
    return (
      <div class="figures">
        {drawing.single.map(({ name, value }) => (
          <p key={name} class="figure">
            <span>{name}</span>
            <b>{value}</b>
          </p>
        ))}
      </div>
    )
  }
  return <div ref={place} class="chart" role="img" aria-label={drawing.title} />
}

function optionsOf(drawing: Drawing, UPlot: typeof uPlot, width: number): uPlot.Options {
  const palette = new Palette()
  const grid = { stroke: palette.get('line'), width: 1 }
  const axis = { stroke: palette.get('text-quiet'), grid, ticks: grid }
  const { labels } = drawing
  return {
    width: Math.max(280, width),
    height: 340,
    scales: { x: { time: drawing.isTime } },
    axes: [
      labels === null
        ? axis
        : {
            ...axis,
            values: (_chart, splits) => splits.map((at) => labels[at]?.slice(0, 18) ?? ''),
            splits: () => labels.map((_, at) => at),
            rotate: labels.length > 8 ? -45 : 0,
            size: labels.length > 8 ? 90 : 40,
          },
      { ...axis, size: 70 },
    ],
    series: [
      labels === null ? {} : { value: (_chart, at) => labels[at] ?? '' },
      ...drawing.names.map((label, at) => ({
        label,
        stroke: palette.get(`series-${(at % 8) + 1}`),
        width: 2,
        spanGaps: true,
        ...(labels === null
          ? { points: { show: drawing.data[0]!.length < 60 } }
          : {
              fill: palette.get(`series-${(at % 8) + 1}`),
              paths: UPlot.paths.bars!({ size: [0.7, 80], align: barAlign(at, drawing.names.length) }),
            }),
      })),
    ],
  }
}

/** Two series of bars stand side by side; more are drawn one over the other. */
function barAlign(at: number, count: number): -1 | 0 | 1 {
  return count === 2 ? (at === 0 ? -1 : 1) : 0
}
