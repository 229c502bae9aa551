import type { AgentSummary } from '@subagent-mcp/api'
import { projectRootOf } from '@subagent-mcp/driver-kit'
import { restWordsArg, timeSpanArg, boolArg } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { isAgentBusy } from '../../terminal/agent-lines.js'
import { chooseAgents } from '../../terminal/choose-agent.js'
import { type CommandContext, daemonCommand } from '../../terminal/command-context.js'
import { printRemarks, printResult } from '../../terminal/print.js'
import { printAgentOutcomes } from './print-outcomes.js'

export const waitCommand = daemonCommand(
  {
    description: 'Wait until agents are done, and print their answers',
    details: [
      'Exits 0 if all finished, 3 if one failed, 4 if one asks for a permission, 124 if the time is over.',
    ],
    examples: ['wait', 'wait k3f9 reviewer --any --timeout 15m'],
    words: {
      agents: restWordsArg('Ids or names of agents (default: all that run in this project)', {
        names: 'agents',
      }),
    },
    flags: {
      any: boolArg('Return when one of the agents is done'),
      timeout: timeSpanArg('Give up after this time, as in 90s or 15m (default: never)').exactOptional(),
      json: boolArg('Print the outcome and the answers as JSON'),
    },
  },
  async ({ agents: named, any, timeout: timeoutSeconds, json }, context) => {
    const agentIds = (await waitedFor(named, context)).map(({ id }) => id)
    const until = any ? 'any' : 'all'
    if (agentIds.length > 0) return printAgentOutcomes({ agentIds, until, timeoutSeconds, json }, context)
    if (json) return printResult(context.terminal, true, { text: '', data: { timedOut: false, agents: [] } })
    await printRemarks(context.terminal, ['no agent runs in this project'])
    return exitCode.done
  },
)

async function waitedFor(
  named: readonly string[],
  { client, terminal }: CommandContext,
): Promise<AgentSummary[]> {
  if (named.length > 0) return chooseAgents(await client.agents(), named)
  return (await client.agents({ project: projectRootOf(terminal.cwd) })).filter(isAgentBusy)
}
