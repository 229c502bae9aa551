import { timeSpanArgSchema, booleanArgSchema, yesFlag } from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import { isAgentBusy } from '../../terminal/agent-lines.js'
import { defineDaemonCommand } from '../../terminal/command-context.js'
import { formatCountWithNoun } from '../../terminal/format.js'
import { askYesNo } from '../../terminal/input.js'
import { printResult } from '../../terminal/print.js'

export const pruneCommand = defineDaemonCommand(
  {
    description: 'Delete agents that ended long ago, with their transcripts',
    details: [
      'Asks first. Does not delete changes that you have not applied: subagent-mcp worktrees lists them.',
    ],
    examples: ['prune', 'prune --older-than 12h --yes'],
    flags: {
      olderThan: timeSpanArgSchema(
        'Delete agents that ended longer ago than this, as in 90m, 12h or 7d',
      ).prefault('7d'),
      all: booleanArgSchema('Delete all agents that have ended, however long ago'),
      yes: yesFlag,
      json: booleanArgSchema('Print the ids of the deleted agents as JSON instead of text, for scripts'),
    },
  },
  async ({ all, olderThan, yes, json }, { client, terminal }) => {
    const before = terminal.now() - (all ? 0 : olderThan * 1000)
    const agents = await client.agents()
    const agentIds = agents.filter(({ endedAt = Infinity }) => endedAt <= before).map(({ id }) => id)
    const question = `delete ${formatCountWithNoun(agentIds.length, 'ended agent')} and their transcripts?`
    const hint = 'subagent-mcp prune --yes does not ask'
    if (agentIds.length > 0 && !yes && !(await askYesNo(terminal, question, hint, 'nothing was deleted')))
      return exitCode.failed
    const removed = agentIds.length > 0 ? (await client.prune({ agentIds })).removed : []
    const text = `deleted ${formatCountWithNoun(removed.length, 'agent')}`
    await printResult(terminal, json, { text, data: { removed } })
    const resting = agents.filter((agent) => agent.alive && !isAgentBusy(agent)).length
    if ((all || olderThan === 0) && removed.length === 0 && resting > 0)
      await terminal.stderr.print(restingText(resting))
    return exitCode.done
  },
)

function restingText(number: number): string {
  const [are, they] = number === 1 ? ['is', 'it ends'] : ['are', 'they end']
  return `${formatCountWithNoun(number, 'finished agent')} ${are} still alive: ${they} after a while idle, or by subagent-mcp kill\n`
}
