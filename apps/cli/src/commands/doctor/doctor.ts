import { createWatchdog } from '@subagent-mcp/driver-kit'
import { defineCommand } from 'citty'
import { createDrivers } from '../../compose.js'
import type { Context } from '../../doctor/check.js'
import { projectOf } from '../../mode/project-root.js'
import { readHouseFiles } from '../../settings/house-files.js'
import { machineOf } from '../../wiring/machine-of.js'
import { serverCommand } from '../../wiring/server-command.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { doctorFlags, readDoctorOrder, type DoctorOrder } from './doctor-order.js'
import { visit } from './visit.js'

/** Finds what keeps us from working on this machine, and says what mends it. */
export const doctor = defineCommand({
  meta: { name: 'doctor', description: 'Look for what is wrong on this machine, and say what mends it' },
  args: doctorFlags,
  run: async ({ rawArgs }) => {
    const order = readDoctorOrder(rawArgs)
    await withTerminal((terminal) => examine(order, terminal))
  },
})

/** What CLIs started is ended, also when we are (the watchdog sees to that). */
async function examine(order: DoctorOrder, terminal: Terminal): Promise<number> {
  const { environment, cwd } = terminal
  const watchdog = createWatchdog()
  const context: Context = {
    environment,
    machine: machineOf(terminal),
    server: serverCommand(),
    // What is wrong with the configuration has a check of its own.
    drivers: createDrivers(watchdog, readHouseFiles(environment).config),
    node: process.versions.node,
    project: projectOf(cwd),
  }
  try {
    return await visit(order, { context, terminal })
  } finally {
    await watchdog.close()
  }
}
