import type { UsageGroup } from '@subagent-mcp/api'
import { formatLocalDate } from '@subagent-mcp/contract'
import { useEffect, useRef, type ReactNode } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { formatTokenCount } from '../text/figures.js'

/** The tokens of each of the last `days` days as bars, with the cost where providers report it. The table has the same numbers for screen readers. */
export default function UsagePlot({ days, groups }: DaysOfUsage): ReactNode {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const { current: element } = place
    if (!element) return undefined
    const plot = new UPlot(plotOptions(element), dataOf({ days, groups }), element)
    const observer = new ResizeObserver(() => {
      plot.setSize({ width: element.clientWidth, height })
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [days, groups])
  return <div ref={place} className="plot" aria-hidden="true" />
}

/** The number of days, and the usage of those on which agents worked. */
type DaysOfUsage = { days: number; groups: readonly UsageGroup[] }

const height = 220
const oneDay = 24 * 3_600

function plotOptions(element: HTMLElement): UPlot.Options {
  const color = (name: string): string => getComputedStyle(element).getPropertyValue(name)
  const axis = {
    stroke: color('--dim'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { stroke: color('--line') },
  }
  const bars = UPlot.paths.bars?.({ size: [0.7, 40] })
  return {
    ...{ width: element.clientWidth, height },
    scales: {
      x: { range: (_plot, first, last) => [first - oneDay, last + oneDay] },
      $: { range: (_plot, _least, most) => [0, Math.max(most, 0.01)] },
    },
    axes: [
      { ...axis, values: '{MM}-{DD}', space: 60, incrs: [oneDay, 2 * oneDay, 7 * oneDay] },
      { ...axis, size: 60, values: (_plot, marks) => marks.map((mark) => formatTokenCount(mark)) },
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
      { label: 'Tokens', fill: color('--accent'), points: { show: false }, ...(bars && { paths: bars }) },
      { label: 'Cost', scale: '$', stroke: color('--ask'), width: 2, points: { show: true } },
    ],
  }
}

/** Each of the last days as seconds, its tokens, and its cost, which is missing where no provider reported one. */
function dataOf({ days: count, groups }: DaysOfUsage): UPlot.AlignedData {
  const known = new Map(groups.map((group) => [group.day, group]))
  const today = new Date()
  const days = Array.from(
    { length: count },
    (_, index) => new Date(today.getFullYear(), today.getMonth(), today.getDate() - count + 1 + index),
  )
  const used = days.map((day) => known.get(formatLocalDate(day.getTime())))
  return [
    days.map((day) => day.getTime() / 1_000),
    used.map((group) => (group?.inputTokens ?? 0) + (group?.outputTokens ?? 0)),
    used.map((group) => group?.costUsd ?? null),
  ]
}
