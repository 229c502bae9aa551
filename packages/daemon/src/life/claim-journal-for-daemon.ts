import { SubagentError } from '@subagent-mcp/contract'
import type { Journal } from '@subagent-mcp/journal'
import { setTimeout as delay } from 'node:timers/promises'
import { connectLocalSocket } from '@subagent-mcp/client'
import { waitForDrainingDaemon } from '@subagent-mcp/client'

const limitMs = 18_000
const retryMs = 50

/** Options of the wait for an earlier daemon to end. */
export type JournalClaimOptions = {
  socketPath: string
  /** Called when a draining daemon waits for running turns. That wait has no time limit here. */
  onWait: () => void
  limit?: number
}

/**
 * Claims the journal for this daemon. Resolves with false if another daemon answers on the socket. Waits up to 18 s for a daemon
 * that has claimed the journal and does not answer, because it is starting or ending. @throws SubagentError after this time
 */
export async function claimJournalForDaemon(
  { claim }: Pick<Journal, 'claim'>,
  { socketPath, onWait, limit = limitMs }: JournalClaimOptions,
): Promise<boolean> {
  await waitForDrainingDaemon(socketPath, onWait)
  const deadline = Date.now() + limit
  for (;;) {
    const claimed = claim()
    if (claimed.type === 'won') return true
    const socket = await connectLocalSocket(socketPath)
    socket?.destroy()
    if (socket !== undefined) return false
    if (Date.now() > deadline) throw mute(claimed.by.pid)
    await delay(retryMs)
  }
}

function mute(pid: number): SubagentError {
  const hint = `if it does not end, end process ${pid}; then: subagent-mcp daemon start`
  return new SubagentError('daemon-failed', `daemon ${pid} is there and does not answer`, { hint })
}
