import { defineCommand } from '../../command/define-command.js'
import { jsonFlag } from '../../command/values.js'
import { findDaemon } from '../../daemon/reach-daemon.js'
import { exitCode } from '../../exit.js'
import { printFleet, remark } from '../../fleet/print-fleet.js'
import { recordedFleet } from '../../fleet/recorded-fleet.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'

/** Lists the workers of the fleet; starts no daemon. */
export const fleetStatus = defineCommand(
  {
    description: 'List the workers of the fleet; starts none',
    flags: { json: jsonFlag },
  },
  (args) => withTerminal((terminal) => showFleet(args.json, terminal)),
)

async function showFleet(json: boolean, terminal: Terminal): Promise<number> {
  const client = await findDaemon(terminal.environment)
  const file = client ? undefined : recordedFleet(terminal.environment)
  if (file === undefined || json) {
    await printFleet(
      (await client?.fleet()) ?? { ...(file !== undefined && { file }), workers: [] },
      json,
      terminal,
    )
  } else {
    await remark(`the fleet of ${file} comes up with the next daemon: subagent-mcp daemon start`, terminal)
  }
  return exitCode.done
}
