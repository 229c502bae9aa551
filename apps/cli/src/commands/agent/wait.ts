import type { AgentSummary } from '@subagent-mcp/api'
import { findProjectRoot } from '@subagent-mcp/driver-kit'
import { remainingWordsArgSchema, timeSpanArgSchema, booleanArgSchema } from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import { isAgentBusy } from '../../terminal/agent-lines.js'
import { chooseAgents } from '../../terminal/choose-agent.js'
import { type CommandContext, defineDaemonCommand } from '../../terminal/command-context.js'
import { printJson, printRemarks } from '../../terminal/print.js'
import { printAgentOutcomes } from './print-outcomes.js'

export const waitCommand = defineDaemonCommand(
  {
    description: 'Wait until agents at work are done, and print their answers',
    details: [
      'Exits 0 if all finished, 3 if one failed, 4 if one asks for a permission, 124 if --timeout is over.',
    ],
    examples: ['wait', 'wait k3f9 reviewer --any --timeout 15m'],
    words: {
      agents: remainingWordsArgSchema(
        'Agents to wait for, by id or name (default: all at work in this project)',
        {
          names: 'agents',
        },
      ),
    },
    flags: {
      any: booleanArgSchema('Stop waiting as soon as one of the agents is done'),
      timeout: timeSpanArgSchema(
        'Stop waiting after this time, as in 90s or 15m (default: never)',
      ).exactOptional(),
      json: booleanArgSchema('Print the agents and their answers as JSON instead of text, for scripts'),
    },
  },
  async ({ agents: named, any, timeout: timeoutSeconds, json }, context) => {
    const agentIds = (await waitedFor(named, context)).map(({ id }) => id)
    const until = any ? 'any' : 'all'
    if (agentIds.length > 0) return printAgentOutcomes({ agentIds, until, timeoutSeconds, json }, context)
    if (json) return printJson(context.terminal, { timedOut: false, agents: [] })
    await printRemarks(context.terminal, ['no agent runs in this project'])
    return exitCode.done
  },
)

async function waitedFor(
  named: readonly string[],
  { client, terminal }: CommandContext,
): Promise<AgentSummary[]> {
  if (named.length > 0) return chooseAgents(await client.agents(), named)
  return (await client.agents({ project: findProjectRoot(terminal.cwd) })).filter(isAgentBusy)
}
