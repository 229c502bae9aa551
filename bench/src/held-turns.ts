import { setTimeout as delay } from 'node:timers/promises'
import type { Simulation } from './simulation.js'

/** Agents of which each is in a turn until it is told otherwise. */
export type HeldTurns = {
  /**
   * From the moment at which an agent's last line is written to the answer of a `wait` that was blocking, in
   * milliseconds. The agent is in its next turn then, and the next time is another agent's.
   */
  reportLatency(): Promise<number>
}

/** Launches so many. */
export async function holdTurns({ launch, host, end }: Simulation, count: number): Promise<HeldTurns> {
  const names = Array.from({ length: count }, (_none, index) => String(index))
  const ids = await launch(names.map((name) => `hold ${name}`))
  let index = 0
  return {
    reportLatency: async () => {
      index = (index + 1) % count
      const agent_id = ids[index]
      const waiting = host.call('wait', { agent_ids: [agent_id] })
      // Long enough for the wait to have begun, and never in step with what the daemon does by the clock.
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
