import type { AgentSummary } from '@subagent-mcp/api'
import { flagExcludes, atLeastOneArgOf } from '../../command/arg-rules.js'
import { restWordsArg, boolArg } from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import { idAndName, isAgentBusy } from '../../terminal/agent-lines.js'
import { chooseAgents } from '../../terminal/choose-agent.js'
import { commandWithDaemon } from '../../terminal/command-context.js'
import { printRemarks, printResult } from '../../terminal/print.js'

export const killCommand = commandWithDaemon(
  {
    description: 'End agents immediately, with all processes that they started; their transcripts stay',
    examples: ['kill k3f9 reviewer', 'kill --all'],
    words: {
      agents: restWordsArg('Agents to end, by id, first characters of ids, or name', { names: 'agents' }),
    },
    flags: {
      all: boolArg('End all agents of all projects'),
      json: boolArg('Print the ended agents as JSON instead of text, for scripts'),
    },
    rules: [atLeastOneArgOf('agents', 'all'), flagExcludes('all', ['agents'])],
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
      (agent) => `${idAndName(agent)} ${isAlive(agent) ? 'was killed' : 'had ended already'}`,
    )
    return printResult(terminal, json, { text: lines.join('\n'), data: killed })
  },
)

function isAlive(agent: AgentSummary): boolean {
  return agent.alive || isAgentBusy(agent)
}
