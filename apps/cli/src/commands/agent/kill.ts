import type { AgentSummary } from '@subagent-mcp/api'
import { flagExcludes, atLeastOneArgOf } from '../../command/rules.js'
import { restWordsArg, boolArg } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { idAndName, isAgentBusy } from '../../terminal/agent-lines.js'
import { chooseAgents } from '../../terminal/choose-agent.js'
import { daemonCommand } from '../../terminal/command-context.js'
import { printRemarks, printResult } from '../../terminal/print.js'

export const killCommand = daemonCommand(
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
    return printResult(terminal, json, { text: meant.map(killedText).join('\n'), data: killed })
  },
)

function killedText(agent: AgentSummary): string {
  return `${idAndName(agent)} ${isAlive(agent) ? 'was killed' : 'had ended already'}`
}

function isAlive(agent: AgentSummary): boolean {
  return agent.alive || isAgentBusy(agent)
}
