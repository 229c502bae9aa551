import type { Supervisor } from '@subagent-mcp/core'

/** Facts since the server started, by their kind. */
export type FactCounts = { counts(): Readonly<Record<string, number>>; stop(): void }

/** Counts what the supervisor tells. */
export function countFacts({ subscribe }: Supervisor): FactCounts {
  const counts: Record<string, number> = {}
  const stop = subscribe(({ type }) => {
    counts[type] = (counts[type] ?? 0) + 1
  })
  return { counts: () => counts, stop }
}
