import { setTimeout as delay } from 'node:timers/promises'
import type { Simulation } from './simulation.js'

/** Agents that are all in a turn. */
export type HeldTurns = {
  /**
   * From the moment at which an agent's last line is written to the answer of a `wait` that was blocking, in
   * milliseconds. The agent is in its next turn then, and it is the next agent's time.
   */
  reportLatency(): Promise<number>
}

/** Launches so many agents, each with a turn that goes on. */
export async function holdTurns({ launch, host, end }: Simulation, count: number): Promise<HeldTurns> {
  const prompts = Array.from({ length: count }, (_none, index) => `hold ${index}`)
  const ids = await launch(prompts)
  let turn = 0
  return {
    reportLatency: async () => {
      turn = (turn + 1) % count
      const agent_id = ids[turn]
      const waiting = host.call('wait', { agent_ids: [agent_id] })
      // Long enough for the wait to have begun, and never in step with what the daemon does by the clock.
      await delay(5 + 15 * Math.random())
      const written = performance.now()
      end(String(turn), 'done')
      await waiting
      const time = performance.now() - written
      await host.call('send_message', { agent_id, message: `hold ${turn}` })
      return time
    },
  }
}
