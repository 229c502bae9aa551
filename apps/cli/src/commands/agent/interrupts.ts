import { SubagentError } from '@subagent-mcp/contract'
import { isBusy } from '../../terminal/agent-lines.js'
import type { Desk } from '../../terminal/command-context.js'
import { plainText } from '../../terminal/text.js'

/** What Ctrl-C does: the first ends the turn, the second kills the agent, the third waits for nothing. */
export type Interrupts = {
  /** From now on there is an agent; one whose launch was interrupted is killed at once. */
  launched(agentId: string): void
  count(): number
  /** Resolves at the third. */
  gaveUp: Promise<void>
  /** Resolves when what was ordered is done. */
  settled(): Promise<void>
  stop(): void
}

/** Listens for Ctrl-C until it is stopped. */
export function heedInterrupts(desk: Desk): Interrupts {
  let count = 0
  let agentId: string | undefined
  let acting = Promise.resolve()
  let giveUp = (): void => undefined
  const gaveUp = new Promise<void>((resolve) => (giveUp = resolve))
  const act = (): void => {
    if (count > 2) giveUp()
    if (agentId === undefined) return
    const [id, nth] = [agentId, count]
    acting = acting.then(() => obey(id, nth, desk))
  }
  const unlisten = desk.terminal.onInterrupt(() => {
    count += 1
    act()
  })
  return {
    launched: (id) => {
      agentId = id
      // Nothing was seen of it yet: to end its turn would leave an agent that nobody wants.
      if (count > 0) count = Math.max(count, 2)
      if (count > 0) act()
    },
    count: () => count,
    gaveUp,
    settled: () => Promise.race([acting, gaveUp]),
    stop: unlisten,
  }
}

async function obey(agentId: string, nth: number, { client, terminal }: Desk): Promise<void> {
  try {
    if (nth === 1) {
      await terminal.stderr.print('\nending its turn; Ctrl-C again kills the agent\n')
      const { interrupted, agent } = await client.interrupt(agentId)
      // Without a turn there is nothing to end but the agent.
      if (interrupted || !isBusy(agent)) return
    }
    await terminal.stderr.print('\nkilling the agent\n')
    await client.kill(agentId)
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    await terminal.stderr.print(`${plainText(error.message)}\n`)
  }
}
