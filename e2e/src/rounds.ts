/** How often a test repeats itself: a few times in `npm test`, many in `npm run soak`, by the same code. */
export function rounds(few: number, many: number): number {
  return process.env['SOAK'] ? many : few
}

/** Prints what a repeated test has counted: both commands show their numbers. */
export function printCounts(name: string, counts: Record<string, number>): void {
  const text = Object.entries(counts).map(([what, count]) => `${count} ${what}`)
  process.stdout.write(`${name}: ${text.join(', ')}\n`)
}
