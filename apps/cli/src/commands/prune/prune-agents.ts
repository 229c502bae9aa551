import type { AgentSummary } from '@subagent-mcp/core'
import { exitCode } from '../../exit.js'
import { isBusy } from '../../terminal/agent-words.js'
import { agrees } from '../../terminal/agrees.js'
import { plural } from '../../terminal/amounts.js'
import type { Desk } from '../../terminal/at-terminal.js'
import type { PruneOrder } from './prune-order.js'

/** Forgets those ended agents that the person has agreed to, and says how many. */
export async function forgetAgents(order: PruneOrder, { client, terminal }: Desk): Promise<number> {
  const before = terminal.now() - order.olderThanSeconds * 1000
  const agents = await client.agents()
  const agentIds = agents.filter((agent) => hasEnded(agent, before)).map(({ id }) => id)
  const question = `forget ${plural(agentIds.length, 'ended agent')}, and what was said?`
  const hint = 'subagent-mcp prune --yes does not ask'
  if (agentIds.length > 0 && !order.yes && !(await agrees(terminal, question, hint))) {
    await terminal.stderr.print('nothing was forgotten\n')
    return exitCode.failed
  }
  const removed = agentIds.length > 0 ? (await client.prune({ agentIds })).removed : []
  const told = order.json
    ? JSON.stringify({ removed }, undefined, 2)
    : `forgot ${plural(removed.length, 'agent')}`
  await terminal.stdout.print(`${told}\n`)
  const resting = agents.filter((agent) => agent.alive && !isBusy(agent)).length
  if (order.olderThanSeconds === 0 && removed.length === 0 && resting > 0)
    await terminal.stderr.print(restingText(resting))
  return exitCode.done
}

function restingText(number: number): string {
  const [live, they] = number === 1 ? ['lives', 'it ends'] : ['live', 'they end']
  return `${plural(number, 'finished agent')} still ${live}: ${they} after a while idle, or by subagent-mcp kill\n`
}

function hasEnded({ endedAt }: AgentSummary, before: number): boolean {
  return endedAt !== undefined && endedAt <= before
}
