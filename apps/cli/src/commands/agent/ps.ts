import { boolArg } from '../../command/values.js'
import { type CommandContext, daemonCommand } from '../../terminal/command-context.js'
import { printLines, printList } from '../../terminal/print.js'
import {
  agentListRemarks,
  dataLossRemarks,
  readAgentList,
  renderAgents,
  type AgentFilter,
} from './agent-list.js'
import { watchAgents } from './watch-agents.js'

export const psCommand = daemonCommand(
  {
    description: 'List agents: provider, model, status, run time and what each does now',
    details: [
      'Lists living agents and those that ended within the last hour.',
      'On a terminal --watch is the same as top; in a pipe it prints a line for each change.',
    ],
    examples: ['ps --here', 'ps --watch'],
    flags: {
      all: boolArg('Also list agents that ended more than an hour ago'),
      here: boolArg('List only agents of this project'),
      watch: boolArg('Keep the list up to date until Ctrl-C'),
      json: boolArg('Print JSON; with --watch one line for each change'),
    },
  },
  (args, context) => (args.watch ? watchAgents(args, context) : listAgentsOnce(args, context)),
)

async function listAgentsOnce(
  { json, ...filter }: AgentFilter & { json: boolean },
  context: CommandContext,
): Promise<number> {
  const { stderr, now, home } = context.terminal
  const list = await readAgentList(filter, context)
  // A script that reads JSON must not miss that facts are lost.
  if (json) await printLines(stderr, dataLossRemarks(list.losses ?? []))
  const time = { now: now(), asOf: now(), home }
  return printList(
    {
      items: list.shown,
      json,
      render: (agents, screen) => renderAgents(agents, time, screen),
      remarks: agentListRemarks(list),
    },
    context.terminal,
  )
}
