/** One figure: what ours costs, beside the floor that was measured in the same run. */
export type Figure = {
  name: string
  unit: 'µs' | 'ms' | 'MB' | 'bytes'
  /** How many times it was measured; `ours` and `floor` are medians unless the name says otherwise. */
  n: number
  ours: number
  floor?: { name: string; value: number }
  /** The most that we allow ourselves: a ratio to the floor, or an amount. */
  limit?: { type: 'ratio' | 'amount'; most: number }
  note?: string
}

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
  return (limit.type === 'ratio' ? (ratio(figure) ?? Number.NaN) : ours) <= limit.most
}
