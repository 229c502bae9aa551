import type { Fleet, FleetBody } from '@subagent-mcp/api'

/**
 * Workers that somebody keeps running: as processes, not as who is there for messages.
 * Each throws SubagentError `already-running` where the daemon of another version has them.
 */
export type FleetPort = {
  /** @throws SubagentError for a file that cannot be used, and where the fleet of another file is up */
  up(order: Omit<FleetBody, 'pid'>): Promise<Fleet>
  /** Resolves with their names when they have ended, in bounded time. */
  down(): Promise<readonly string[]>
  view(): Fleet
}
