import type { Supervisor } from '@subagent-mcp/core'

/** Counts of the supervisor's facts since the server started, by type. */
export type FactCounts = { counts(): Readonly<Record<string, number>>; stop(): void }

/** Counts the supervisor's facts by type. */
export function countFacts({ subscribe }: Supervisor): FactCounts {
  const counts: Record<string, number> = {}
  const stop = subscribe(({ type }) => {
    counts[type] = (counts[type] ?? 0) + 1
  })
  return { counts: () => counts, stop }
}
