import { defineCommand } from 'citty'
import { findDaemon, reachDaemon } from '../../daemon/reach-daemon.js'
import { exitCode } from '../../exit.js'
import { recordedFleet } from '../../fleet/recorded-fleet.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { say } from '../daemon/daemon-command.js'
import { fleetFlags, readFleetOrder } from './fleet-order.js'

/** Ends the workers of the fleet. */
export const fleetDown = defineCommand({
  meta: { name: 'down', description: 'End the workers of the fleet; answers when they have ended' },
  args: fleetFlags,
  run: async ({ rawArgs }) => {
    const { json } = readFleetOrder(rawArgs, 'down')
    await withTerminal((terminal) => bringDown(json, terminal))
  },
})

async function bringDown(json: boolean, terminal: Terminal): Promise<number> {
  const { environment } = terminal
  // One that is to come up with the next daemon may have workers that live: the daemon knows.
  const isKnown = recordedFleet(environment) !== undefined
  const client = isKnown ? await reachDaemon(environment) : await findDaemon(environment)
  const ended = (await client?.fleetDown()) ?? []
  const text = ended.length === 0 ? 'no fleet is up' : `ended: ${ended.join(', ')}`
  await say(terminal, json, { text, data: { ended } })
  return exitCode.done
}
