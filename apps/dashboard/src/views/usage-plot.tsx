import type { UsageGroup } from '@subagent-mcp/api'
import { useEffect, useRef, type ReactNode } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { countText } from '../text/figures.js'

/** The tokens of each day as bars, with the cost where providers report it. The table has the same numbers for screen readers. */
export default function UsagePlot({ days }: { days: readonly UsageGroup[] }): ReactNode {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const { current: element } = place
    if (!element) return undefined
    const plot = new UPlot(plotOptions(element), dataOf(days), element)
    const observer = new ResizeObserver(() => {
      plot.setSize({ width: element.clientWidth, height })
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [days])
  return <div ref={place} className="plot" aria-hidden="true" />
}

const height = 220

function plotOptions(element: HTMLElement): UPlot.Options {
  const color = (name: string): string => getComputedStyle(element).getPropertyValue(name)
  const axis = {
    stroke: color('--dim'),
    grid: { stroke: color('--line') },
    ticks: { stroke: color('--line') },
  }
  const bars = UPlot.paths.bars?.({ size: [0.7, 40] })
  return {
    ...{ width: element.clientWidth, height },
    scales: { $: { range: (_plot, _least, most) => [0, Math.max(most, 0.01)] } },
    axes: [
      { ...axis, values: '{YYYY}-{MM}-{DD}', space: 80 },
      { ...axis, size: 60, values: (_plot, marks) => marks.map((mark) => countText(mark)) },
      {
        ...axis,
        scale: '$',
        side: 1,
        grid: { show: false },
        values: (_plot, marks) => marks.map((mark) => `$${mark}`),
      },
    ],
    series: [
      { label: 'Day', value: '{YYYY}-{MM}-{DD}' },
      { label: 'Tokens', fill: color('--accent'), ...(bars && { paths: bars }) },
      { label: 'Cost', scale: '$', stroke: color('--ask'), width: 2, points: { show: true } },
    ],
  }
}

/** Days as seconds, tokens, and costs, which are missing where no provider reported one. */
function dataOf(days: readonly UsageGroup[]): UPlot.AlignedData {
  return [
    days.map(({ day = '' }) => new Date(`${day}T00:00`).getTime() / 1_000),
    days.map(({ inputTokens = 0, outputTokens = 0 }) => inputTokens + outputTokens),
    days.map(({ costUsd }) => costUsd ?? null),
  ]
}
