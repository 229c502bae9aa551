/** One measured value of our product, with its floor: a lower bound that was measured in the same run. */
export type Figure = {
  name: string
  unit: 'µs' | 'ms' | 'MB' | 'bytes' | '/s' | '%'
  /** Number of measurements. `ours` and `floor` are medians unless the name says otherwise. */
  n: number
  ours: number
  floor?: { name: string; value: number }
  /** The limit that the value keeps, or that its ratio to the floor keeps. */
  limit?: { type: 'ratio' | 'amount'; most: number } | { type: 'ratio' | 'amount'; least: number }
  note?: string
}

/** The length of a benchmark run: `short` prints only, `full` is saved in bench/results, `soak` takes many minutes. */
export type RunLength = 'short' | 'full' | 'soak'

/** Returns the median of a list, or the quantile `part` between 0 and 1. */
export function quantile(values: readonly number[], part = 0.5): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
}

/** Returns `ours` divided by the floor. */
export function ratioToFloor({ ours, floor }: Figure): number | undefined {
  return floor && ours / floor.value
}

/** Whether a figure keeps its limit. A figure without a limit does. */
export function keepsLimit(figure: Figure): boolean {
  const { limit, ours } = figure
  if (!limit) return true
  const held = limit.type === 'ratio' ? (ratioToFloor(figure) ?? Number.NaN) : ours
  return 'most' in limit ? held <= limit.most : held >= limit.least
}
