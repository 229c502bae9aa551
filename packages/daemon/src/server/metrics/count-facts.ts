import type { Supervisor } from '@subagent-mcp/core'

/** Counts of the supervisor's facts since the server started, by type. */
export type FactCountsByType = { counts(): Readonly<Record<string, number>>; stop(): void }

export function countFactsByType({ subscribe }: Supervisor): FactCountsByType {
  const counts: Record<string, number> = {}
  const stop = subscribe(({ type }) => {
    counts[type] = (counts[type] ?? 0) + 1
  })
  return { counts: () => counts, stop }
}
