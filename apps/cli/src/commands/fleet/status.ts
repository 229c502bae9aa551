import { jsonFlag } from '../../command/values.js'
import { findDaemon } from '../../daemon/reach-daemon.js'
import { exitCode } from '../../exit.js'
import { printFleet, printRemark } from '../../fleet/print-fleet.js'
import { recordedFleet } from '../../fleet/recorded-fleet.js'
import { terminalCommand } from '../../terminal/command-context.js'

/** Lists the workers of the fleet; starts no daemon. */
export const fleetStatusCommand = terminalCommand(
  {
    description: 'List the workers of the fleet; starts none',
    examples: ['fleet status', 'fleet status --json'],
    flags: { json: jsonFlag },
  },
  async ({ json }, terminal) => {
    const client = await findDaemon(terminal.environment)
    const file = client ? undefined : recordedFleet(terminal.environment)
    const recorded = { ...(file !== undefined && { file }), workers: [] }
    if (file === undefined || json) await printFleet((await client?.fleet()) ?? recorded, json, terminal)
    else
      await printRemark(
        `the fleet of ${file} starts with the next daemon: subagent-mcp daemon start`,
        terminal,
      )
    return exitCode.done
  },
)
