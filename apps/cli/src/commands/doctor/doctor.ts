import { thisMachine } from '@subagent-mcp/installer'
import { serverCommand } from '../../releases/server-command.js'
import { createDrivers } from '../../drivers.js'
import { projectOf, createWatchdog } from '@subagent-mcp/driver-kit'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { jsonFlag, toggle } from '../../command/values.js'
import type { DoctorContext } from '../../doctor/check.js'
import { readUserFiles } from '../../settings/user-files.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { visit } from './visit.js'

const doctorSpec = commandSpec({
  description: 'Check this machine for problems, and print how to fix them',
  details: ['Exits 1 if there is an error, 0 if there are only warnings.'],
  flags: {
    fix: toggle('Run the commands that fix what was found, after asking'),
    yes: toggle('With --fix: do not ask', 'y'),
    json: jsonFlag,
  },
})

/** Checks this machine for problems. */
export const doctor = defineCommand(doctorSpec, (args) => withTerminal((terminal) => examine(args, terminal)))

/** What CLIs started is ended, also when we are (the watchdog sees to that). */
async function examine(args: ArgsOf<typeof doctorSpec>, terminal: Terminal): Promise<number> {
  const { environment, cwd } = terminal
  const watchdog = createWatchdog()
  const context: DoctorContext = {
    environment,
    machine: thisMachine(terminal),
    server: serverCommand(),
    // What is wrong with the configuration has a check of its own.
    drivers: createDrivers(watchdog, readUserFiles(environment).config),
    node: process.versions.node,
    project: projectOf(cwd),
  }
  try {
    return await visit(args, { context, terminal })
  } finally {
    await watchdog.close()
  }
}
