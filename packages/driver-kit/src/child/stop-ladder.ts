import { signalGroup } from '../processes/process-group.js'
import { settlesWithin } from '../settles-within.js'

/** How long the kernel may take to carry out a KILL: after that the process is stuck in it for good. */
const killLimitMs = 2_000

/**
 * The one way a child is ended: end of its input, TERM to its group, KILL to its group, each with a time limit.
 * Aborting `hurry` skips to the KILL. Resolves when the leader has exited, or when even KILL has not helped.
 */
export async function stopLadder(options: {
  groupId: number
  endInput: () => void
  exited: Promise<unknown>
  hurry: AbortSignal
  graceMs: number
}): Promise<void> {
  const { groupId, endInput, exited, hurry, graceMs } = options
  for (const step of [endInput, () => signalGroup(groupId, 'SIGTERM')]) {
    if (hurry.aborted) break
    step()
    if (await settlesWithin(exited, graceMs, hurry)) return
  }
  signalGroup(groupId, 'SIGKILL')
  await settlesWithin(exited, killLimitMs)
}
