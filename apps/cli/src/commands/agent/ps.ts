import { commandSpec, defineCommand } from '../../command/define-command.js'
import { toggle } from '../../command/values.js'
import { atTerminal } from '../../terminal/command-context.js'
import { listAgents } from './list-agents.js'
import { watchAgents } from './watch-agents.js'

/** How `ps` is called. */
export const psSpec = commandSpec({
  description: 'List agents: provider, model, status, run time and what each does now',
  details: [
    'Lists living agents and those that ended within the last hour.',
    'On a terminal --watch shows a table; in a pipe it prints a line for each change.',
  ],
  flags: {
    all: toggle('Also list agents that ended more than an hour ago'),
    here: toggle('List only agents of this project'),
    watch: toggle('Keep the list up to date until Ctrl-C'),
    json: toggle('Print JSON; with --watch one line for each change'),
  },
})

/** Lists agents. */
export const ps = defineCommand(psSpec, (args) =>
  atTerminal((desk) => (args.watch ? watchAgents(args, desk) : listAgents(args, desk))),
)
