/** One figure: what ours costs, beside the floor that was measured in the same run. */
export type Figure = {
  name: string
  unit: 'µs' | 'ms' | 'MB' | 'bytes' | '/s' | '%'
  /** How many times it was measured; `ours` and `floor` are medians unless the name says otherwise. */
  n: number
  ours: number
  floor?: { name: string; value: number }
  /** What we allow ourselves: a ratio to the floor, or an amount. */
  limit?: { type: 'ratio' | 'amount'; most: number } | { type: 'ratio' | 'amount'; least: number }
  note?: string
}

/** How much time a run may take: a look, a run that is kept, or a soak. */
export type Length = 'short' | 'full' | 'soak'

/** The middle of a list, or any other quantile between 0 and 1. */
export function quantile(values: readonly number[], part = 0.5): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
}

/** How many times the floor ours is. */
export function ratio({ ours, floor }: Figure): number | undefined {
  return floor && ours / floor.value
}

/** Whether a figure is within its limit; without a limit it is. */
export function isWithin(figure: Figure): boolean {
  const { limit, ours } = figure
  if (!limit) return true
  const held = limit.type === 'ratio' ? (ratio(figure) ?? Number.NaN) : ours
  return 'most' in limit ? held <= limit.most : held >= limit.least
}
