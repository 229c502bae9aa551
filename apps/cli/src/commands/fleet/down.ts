import { defineCommand } from '../../command/define-command.js'
import { jsonFlag } from '../../command/values.js'
import { findDaemon, reachDaemon } from '../../daemon/reach-daemon.js'
import { exitCode } from '../../exit.js'
import { recordedFleet } from '../../fleet/recorded-fleet.js'
import { say } from '../../terminal/print.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'

/** Stops the workers of the fleet. */
export const fleetDown = defineCommand(
  {
    description: 'Stop the workers of the fleet; returns when they have ended',
    flags: { json: jsonFlag },
  },
  (args) => withTerminal((terminal) => bringDown(args.json, terminal)),
)

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
