import type { AgentSummary } from '@subagent-mcp/core'
import { exitCode } from '../../exit.js'
import { agentHead, isBusy } from '../../terminal/agent-words.js'
import type { Desk } from '../../terminal/at-terminal.js'
import { chooseAgents } from '../../terminal/choose-agent.js'
import type { KillOrder } from './kill-order.js'

/** Kills all that are meant, or none where one of them is unknown. */
export async function killAgents({ words, json }: KillOrder, { client, terminal }: Desk): Promise<number> {
  const agents = await client.agents()
  const meant = words === 'all' ? agents.filter(isThere) : chooseAgents(agents, words)
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
