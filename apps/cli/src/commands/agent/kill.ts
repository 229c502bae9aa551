import type { AgentSummary } from '@subagent-mcp/api'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { excludes, oneOf } from '../../command/rules.js'
import { toggle, restWords } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { agentHead, isBusy } from '../../terminal/agent-lines.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { chooseAgents } from '../../terminal/choose-agent.js'

/** How `kill` is called. */
export const killSpec = commandSpec({
  description: 'Kill agents with all their processes, immediately',
  words: { agents: restWords('Ids of agents, the beginnings of ids, or names') },
  flags: {
    all: toggle('Kill all agents, of all projects'),
    json: toggle('Print the killed agents as JSON'),
  },
  rules: [oneOf('agents', 'all'), excludes('all', ['agents'])],
})

/** Kills agents. */
export const kill = defineCommand(killSpec, (args) => atTerminal((desk) => killAgents(args, desk)))

/** Kills the named agents, or none of them if one is unknown. */
export async function killAgents(
  { agents: named, all, json }: ArgsOf<typeof killSpec>,
  { client, terminal }: Desk,
): Promise<number> {
  const agents = await client.agents()
  const meant = all ? agents.filter(isThere) : chooseAgents(agents, named)
  const killed = await Promise.all(meant.map(async ({ id }) => (await client.kill(id)).agent))
  if (json) {
    await terminal.stdout.print(`${JSON.stringify(killed, undefined, 2)}\n`)
    return exitCode.done
  }
  const lines = meant.map(
    (agent) => `${agentHead(agent)} ${isThere(agent) ? 'was killed' : 'had ended already'}\n`,
  )
  await terminal.stdout.print(lines.join(''))
  if (lines.length === 0) await terminal.stderr.print('no agent is alive\n')
  return exitCode.done
}

function isThere(agent: AgentSummary): boolean {
  return agent.alive || isBusy(agent)
}
