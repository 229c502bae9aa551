import { setTimeout as delay } from 'node:timers/promises'
import type { SimulatedDaemon } from './simulation.js'

/** Simulated agents, each in a turn that the test ends. */
export type HeldTurns = {
  /**
   * Ends the turn of one agent and returns the milliseconds until a `wait` that was blocking has its answer. The
   * agent then begins its next turn. Each call uses the next agent, so as many calls can run at once as there are agents.
   */
  reportLatency(): Promise<number>
}

/** Launches `count` simulated agents, each in a turn that runs until a test ends it. */
export async function launchHeldTurns(
  { launch, host, end }: SimulatedDaemon,
  count: number,
): Promise<HeldTurns> {
  const names = Array.from({ length: count }, (_none, index) => String(index))
  const ids = await launch(names.map((name) => `hold ${name}`))
  let calls = 0
  return {
    reportLatency: async () => {
      const index = (calls += 1) % count
      const agent_id = ids[index]
      const waiting = host.call('wait', { agent_ids: [agent_id] })
      // Long enough for the wait to begin, and random so that it never coincides with the daemon's timers.
      await delay(5 + 15 * Math.random())
      const written = performance.now()
      end(String(index), 'done')
      await waiting
      const time = performance.now() - written
      await host.call('send_message', { agent_id, message: `hold ${index}` })
      return time
    },
  }
}
