import type { AgentSummary } from '@subagent-mcp/api'
import { createFlagExcludesRule, createAtLeastOneArgRule } from '../../command/arg-rules.js'
import { remainingWordsArgSchema, booleanArgSchema } from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import { formatAgentIdAndName, isAgentBusy } from '../../terminal/agent-lines.js'
import { chooseAgents } from '../../terminal/choose-agent.js'
import { defineDaemonCommand } from '../../terminal/command-context.js'
import { printRemarks, printResult } from '../../terminal/print.js'

export const killCommand = defineDaemonCommand(
  {
    description: 'End agents immediately, with all processes that they started; their transcripts stay',
    examples: ['kill k3f9 reviewer', 'kill --all'],
    words: {
      agents: remainingWordsArgSchema('Agents to end, by id, first characters of ids, or name', {
        names: 'agents',
      }),
    },
    flags: {
      all: booleanArgSchema('End all agents of all projects'),
      json: booleanArgSchema('Print the ended agents as JSON instead of text, for scripts'),
    },
    rules: [createAtLeastOneArgRule('agents', 'all'), createFlagExcludesRule('all', ['agents'])],
  },
  async ({ agents: named, all, json }, { client, terminal }) => {
    const agents = await client.agents()
    const meant = all ? agents.filter(isAlive) : chooseAgents(agents, named)
    const killed = await Promise.all(meant.map(async ({ id }) => (await client.kill(id)).agent))
    if (!json && meant.length === 0) {
      await printRemarks(terminal, ['no agent is alive'])
      return exitCode.done
    }
    const lines = meant.map(
      (agent) => `${formatAgentIdAndName(agent)} ${isAlive(agent) ? 'was killed' : 'had ended already'}`,
    )
    return printResult(terminal, json, { text: lines.join('\n'), data: killed })
  },
)

function isAlive(agent: AgentSummary): boolean {
  return agent.alive || isAgentBusy(agent)
}
