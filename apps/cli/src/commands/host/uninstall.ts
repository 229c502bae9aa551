import { commandSpec, defineCommand } from '../../command/define-command.js'
import { needs } from '../../command/rules.js'
import { jsonFlag, toggle } from '../../command/values.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { takeAllBack } from './take-all-back.js'

/** How `uninstall` is called. */
export const uninstallSpec = commandSpec({
  description: 'Undo all that setup and init wrote, in all projects',
  flags: {
    purge: toggle('Also delete all agents, backups and logs'),
    dryRun: toggle('Print what would be undone, and change nothing'),
    yes: toggle('Do not ask', 'y'),
    json: jsonFlag,
  },
  rules: [needs('json', 'yes', 'dryRun')],
})

/** Undoes what setup and init wrote. */
export const uninstall = defineCommand(uninstallSpec, (args) =>
  withTerminal((terminal) => takeAllBack(args, terminal)),
)
