import type { RecapAgent, RecapCommand, RecapPendingItem, RecapReport } from '@subagent-mcp/api'
import { formatLocalDate, formatLocalTime, formatCountWithNoun } from '@subagent-mcp/contract'
import { revealInvisibleCharacters } from './reveal-invisible-characters.js'

/** A line of the recap. `depth` 0 is a heading; a deeper line belongs to the heading before it. `agentId`: the agent that it names. */
export type RecapLine = { depth: 0 | 1 | 2; text: string; agentId?: string }

const longest = 200

/** The most commands of one agent that the recap lists. Beyond it, commands that the policy or the CLI allowed are only counted. */
const fewCommands = 12

/** Returns the recap as lines. The number behind a line, as in `#42`, is the journal number of the fact that the line tells. */
export function describeRecap({ since, agents, moreAgents, needs }: RecapReport): readonly RecapLine[] {
  const count = agents.length + moreAgents
  const title = `Since ${formatLocalDate(since)} ${formatLocalTime(since)}: ${count === 0 ? 'no agent did anything' : `${formatCountWithNoun(count, 'agent')}, ${usageText(agents)}`}`
  return [
    { depth: 0, text: title },
    ...(needs.length === 0 ? [] : [{ depth: 0 as const, text: 'Needs you:' }]),
    ...needs.map((need) => ({ depth: 1 as const, text: describeNeed(need), agentId: need.agentId })),
    ...agents.flatMap(agentLines),
    ...(moreAgents > 0
      ? [{ depth: 0 as const, text: `and ${formatCountWithNoun(moreAgents, 'older agent')}` }]
      : []),
  ]
}

function describeNeed({ agentId, name, type, text, next }: RecapPendingItem): string {
  const what = {
    permission: 'asks to run',
    failure: 'failed',
    rejected: 'was rejected',
    changes: 'changed files',
  }
  return `${agentName(agentId, name)} ${what[type]}: ${shown(text)} (subagent-mcp ${next})`
}

function agentLines(agent: RecapAgent): RecapLine[] {
  const { id, name, provider, model, status, launched, files, moreFiles, network } = agent
  const line = (text: string): RecapLine => ({ depth: 1, text })
  const by = [provider, model].filter(Boolean).join(' ')
  const changed = files.map(({ path, seq }) => `${shown(path)} #${seq}`)
  return [
    {
      depth: 0,
      text: `${agentName(id, name)}, ${by}, ${status.replace('_', ' ')}: ${usageText([agent])}`,
      agentId: id,
    },
    ...(launched ? [line(`asked: ${shown(launched.prompt)} #${launched.seq}`)] : []),
    ...(changed.length > 0 ? [line(`changed: ${changed.join(', ')}${moreText(moreFiles)}`)] : []),
    ...commandLines(agent),
    ...network.map(({ type, host, call = '', seq }) =>
      line(
        `${type === 'push' ? 'push' : `network${host === undefined ? '' : ` ${shown(host)}`}`}: ${shown(call)} #${seq}`,
      ),
    ),
    ...agent.grades.map(({ grade, seq }) => line(`result ${grade} #${seq}`)),
    ...agent.failures.map(({ reason, message, seq }) => line(`failed, ${reason}: ${shown(message)} #${seq}`)),
    ...agent.notSeen.map(({ what, count, seq }) =>
      line(`not seen: ${shown(what)}${count > 1 ? `, ${count} times` : ''} #${seq}`),
    ),
  ]
}

function commandLines({ commands, moreCommands }: RecapAgent): RecapLine[] {
  const routine = commands.filter(
    ({ by, outcome }) => (by === 'policy' || by === 'cli') && outcome !== 'denied',
  )
  const isLong = commands.length > fewCommands
  const listed = isLong ? commands.filter((command) => !routine.includes(command)) : commands
  const left = isLong ? routine.length + moreCommands : moreCommands
  return [
    ...(listed.length + left > 0 ? [{ depth: 1 as const, text: 'commands:' }] : []),
    ...listed.map((command) => ({ depth: 2 as const, text: describeCommand(command) })),
    ...(left > 0
      ? [{ depth: 2 as const, text: `${formatCountWithNoun(left, 'more command')} by policy or CLI` }]
      : []),
  ]
}

function describeCommand({ command, by, why, outcome, seq }: RecapCommand): string {
  const who = {
    policy: 'the policy',
    person: 'a person',
    model: 'a model',
    program: 'a program',
    deadline: 'its deadline',
  }
  const word = by === 'cli' ? '' : ` by ${who[by]}${why === undefined ? '' : ` (${shown(why)})`}`
  const how = {
    ran: by === 'cli' ? 'ran without a question' : `ran, allowed${word}`,
    failed: by === 'cli' ? 'failed, without a question' : `failed, allowed${word}`,
    denied: `denied${word}`,
    open: by === 'person' && why === undefined ? 'waits for an answer' : 'has not ended',
  }[outcome]
  return `${how}: ${shown(command)} #${seq}`
}

/** The turns, tokens and cost of agents. An amount that no provider reported is shown as unknown, not as 0. */
function usageText(agents: readonly RecapAgent[]): string {
  const sum = (pick: (agent: RecapAgent) => number | undefined): number =>
    agents.reduce((total, agent) => total + (pick(agent) ?? 0), 0)
  const tokens = sum(({ usage: { inputTokens = 0, outputTokens = 0 } }) => inputTokens + outputTokens)
  const [turns, unpriced] = [sum((agent) => agent.turns), sum((agent) => agent.turnsWithoutCost)]
  if (turns === 0) return 'no turn ended'
  const cost = `$${sum(({ usage }) => usage.costUsd).toFixed(2)}`
  const price =
    unpriced === turns
      ? 'cost unknown'
      : unpriced > 0
        ? `${cost} and ${formatCountWithNoun(unpriced, 'turn')} of unknown cost`
        : cost
  return [formatCountWithNoun(turns, 'turn'), ...(tokens > 0 ? [`${tokens} tokens`] : []), price].join(', ')
}

function agentName(id: string, name: string | undefined): string {
  return name === undefined ? id : `${shown(name)} (${id})`
}

function shown(text: string): string {
  return revealInvisibleCharacters(text, longest)
}

function moreText(count: number): string {
  return count > 0 ? ` and ${count} more` : ''
}
