import { jsonFlag } from '../../command/values.js'
import { findDaemon, readyDaemon } from '../../daemon/reach-daemon.js'
import { recordedFleet } from '../../fleet/recorded-fleet.js'
import { terminalCommand } from '../../terminal/command-context.js'
import { printResult } from '../../terminal/print.js'

/** Stops the workers of the fleet. */
export const fleetDownCommand = terminalCommand(
  {
    description: 'Stop the workers of the fleet; returns when they have ended',
    examples: ['fleet down', 'fleet down --json'],
    flags: { json: jsonFlag },
  },
  async ({ json }, terminal) => {
    const { environment } = terminal
    // The next daemon would start a recorded fleet. Only a daemon may change the record, so one is started.
    const isRecorded = recordedFleet(environment) !== undefined
    const client = isRecorded ? await readyDaemon(environment) : await findDaemon(environment)
    const ended = (await client?.fleetDown()) ?? []
    const text = ended.length === 0 ? 'no fleet is up' : `ended: ${ended.join(', ')}`
    return printResult(terminal, json, { text, data: { ended } })
  },
)
