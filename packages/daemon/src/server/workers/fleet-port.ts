import type { Fleet, StartFleetBody } from '@subagent-mcp/api'

/**
 * The fleet: workers that the daemon keeps running. Each method @throws SubagentError `already-running` if a daemon of another
 * version runs the fleet
 */
export type FleetPort = {
  /** Starts the workers of a fleet file. @throws SubagentError for a file that cannot be used, or while the fleet of another file runs */
  up(order: Omit<StartFleetBody, 'pid'>): Promise<Fleet>
  /** Stops the fleet; resolves with the names of the ended workers, in bounded time. */
  down(): Promise<readonly string[]>
  view(): Fleet
}
