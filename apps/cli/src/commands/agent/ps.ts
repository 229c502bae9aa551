import { booleanArgSchema } from '../../command/arg-schemas.js'
import { type CommandContext, defineDaemonCommand } from '../../terminal/command-context.js'
import { printLines, printList } from '../../terminal/print.js'
import {
  formatAgentListRemarks,
  describeDataLosses,
  readAgentList,
  renderAgentTable,
  type AgentFilter,
  type AgentList,
} from './agent-list.js'
import { exitCode } from '../../exit.js'
import { isAgentBusy, formatAgentModel, describeAgentOutcome } from '../../terminal/agent-lines.js'
import { formatClockTime } from '../../terminal/format.js'
import { runUntilCtrlC } from '../../terminal/input.js'
import type { Terminal } from '../../terminal/terminal.js'
import { runTop } from '../../top/run-top.js'
import { followAgentLists } from './follow-agent-lists.js'

export const psCommand = defineDaemonCommand(
  {
    description: 'List your agents: model, status, run time, tokens, and what each does now',
    details: [
      'Lists agents that are alive, and those that ended within the last hour.',
      'On a terminal --watch is the same as top; in a pipe it prints a line for each change.',
    ],
    examples: ['ps --here', 'ps --watch'],
    flags: {
      all: booleanArgSchema('Also list agents that ended more than an hour ago'),
      here: booleanArgSchema('List only agents that were launched in this project'),
      watch: booleanArgSchema('Update the list live until Ctrl-C'),
      json: booleanArgSchema('Print the agents as JSON; with --watch one line of JSON for each change'),
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
  if (json) await printLines(stderr, describeDataLosses(list.losses ?? []))
  const time = { now: now(), asOf: now(), home }
  return printList(
    {
      items: list.shown,
      json,
      render: (agents, screen) => renderAgentTable(agents, time, screen),
      remarks: formatAgentListRemarks(list),
    },
    context.terminal,
  )
}

/**
 * Shows agents, and updates them after each fact, until Ctrl-C: on a terminal as `top`, in a pipe as lines.
 * @throws SubagentError when the daemon ends
 */
export async function watchAgents(
  { json, ...filter }: AgentFilter & { json: boolean },
  context: CommandContext,
): Promise<number> {
  const { terminal } = context
  if (!json && terminal.fullScreen) return terminal.fullScreen((screen) => runTop(filter, context, screen))
  const printAsJson = ({ shown }: AgentList) => terminal.stdout.print(`${JSON.stringify(shown)}\n`)
  const show = json ? printAsJson : lineView(terminal)
  return runUntilCtrlC(terminal, async (signal) => {
    for await (const { list } of followAgentLists(filter, context, signal)) await show(list)
    return exitCode.done
  })
}

/** Returns a function that prints a line for each agent whose state has changed since the list before. */
function lineView({ stdout, now }: Terminal): (list: AgentList) => Promise<void> {
  const printed = new Map<string, string>()
  return async ({ shown }) => {
    for (const agent of shown) {
      const state = `${agent.status} ${agent.turnCount} ${agent.permissions.map(({ requestId }) => requestId).join()}`
      if (printed.get(agent.id) === state) continue
      printed.set(agent.id, state)
      const model = isAgentBusy(agent) ? ` (${formatAgentModel(agent)})` : ''
      await stdout.print(`${formatClockTime(now())}  ${describeAgentOutcome(agent)}${model}\n`)
    }
  }
}
