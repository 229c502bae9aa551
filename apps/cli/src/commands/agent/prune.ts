import type { AgentSummary } from '@subagent-mcp/api'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { timeSpan, toggle } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { isBusy } from '../../terminal/agent-lines.js'
import { agrees } from '../../terminal/input.js'
import { plural } from '../../terminal/format.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'

/** How `prune` is called. */
export const pruneSpec = commandSpec({
  description: 'Forget agents that have ended, with their transcripts',
  details: ['Asks first.'],
  flags: {
    olderThan: timeSpan('Forget those that ended at least this long ago, as in 90m, 12h or 7d').prefault(
      '7d',
    ),
    all: toggle('Forget all that have ended'),
    yes: toggle('Do not ask', 'y'),
    json: toggle('Print the ids of the forgotten agents as JSON'),
  },
})

/** Forgets agents. */
export const prune = defineCommand(pruneSpec, (args) => atTerminal((desk) => forgetAgents(args, desk)))

/** Forgets ended agents after the user has agreed, and prints how many. */
export async function forgetAgents(
  args: ArgsOf<typeof pruneSpec>,
  { client, terminal }: Desk,
): Promise<number> {
  const olderThanSeconds = args.all ? 0 : args.olderThan
  const before = terminal.now() - olderThanSeconds * 1000
  const agents = await client.agents()
  const agentIds = agents.filter((agent) => hasEnded(agent, before)).map(({ id }) => id)
  const question = `forget ${plural(agentIds.length, 'ended agent')}, and what was said?`
  const hint = 'subagent-mcp prune --yes does not ask'
  if (agentIds.length > 0 && !args.yes && !(await agrees(terminal, question, hint))) {
    await terminal.stderr.print('nothing was forgotten\n')
    return exitCode.failed
  }
  const removed = agentIds.length > 0 ? (await client.prune({ agentIds })).removed : []
  const told = args.json
    ? JSON.stringify({ removed }, undefined, 2)
    : `forgot ${plural(removed.length, 'agent')}`
  await terminal.stdout.print(`${told}\n`)
  const resting = agents.filter((agent) => agent.alive && !isBusy(agent)).length
  if (olderThanSeconds === 0 && removed.length === 0 && resting > 0)
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
