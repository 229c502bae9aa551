import type { PooledAgent, PooledProcess } from '@subagent-mcp/api'
import { formatCountWithNoun, type TurnUsage } from '@subagent-mcp/contract'
import { cutToOneLine } from './cut-text.js'

/** The most characters of a definition's description that `list` shows. */
const shownDescription = { active: 400, other: 120 }

/** The answer of the tool `list`: defined agents with processes and usage, then the other definitions. */
export function describePool(agents: readonly PooledAgent[], now: number): string {
  const active = agents.filter(({ processes, figures }) => processes.length > 0 || figures.tasks > 0)
  const others = agents.filter((agent) => !active.includes(agent))
  return [
    ...active.map((agent) => describeActive(agent, now)),
    ...(others.length > 0 ? [['not started:', ...others.map(describeOther)].join('\n')] : []),
    ...(agents.every(({ builtIn }) => builtIn) ? [ownAgents] : []),
  ].join('\n\n')
}

const ownAgents =
  'next: to define your own, write .subagent-mcp/agents/NAME.md (subagent-mcp agents new NAME)'

export function describePooledProcess(process: PooledProcess, now: number): string {
  const { pid, status, tasks, startedAt, memory, lastResetAt } = process
  // The memory of a process that has just started is not measured yet.
  const isNew = tasks === 0 && memory === undefined
  return [
    `pid ${pid ?? 'unknown'} ${status}`,
    formatCountWithNoun(tasks, 'task'),
    `${seconds(now - startedAt)} old`,
    ...(isNew ? [] : [`memory ${memory === undefined ? 'unknown' : `${Math.round(memory / 1024 ** 2)} MB`}`]),
    lastResetAt === undefined ? 'never reset' : `reset ${seconds(now - lastResetAt)} ago`,
  ].join(', ')
}

function describeActive(
  { name, provider, description, problem, processes, figures }: PooledAgent,
  now: number,
): string {
  const what =
    problem === undefined
      ? ` on ${provider}: ${cutToOneLine(description, shownDescription.active)}`
      : `: ${problem}`
  return [
    `${name}${what}`,
    ...processes.map((process) => `  ${describePooledProcess(process, now)}`),
    `  ${formatCountWithNoun(figures.tasks, 'task')} in all; ${describeUsage(figures.usage)}`,
  ].join('\n')
}

function describeOther({ name, provider, description, problem, builtIn }: PooledAgent): string {
  if (problem !== undefined) return `  ${name}: ${problem}`
  return `  ${name} on ${provider}${builtIn ? ' (built in)' : ''}: ${cutToOneLine(description, shownDescription.other)}`
}

/** Describes the usage that the provider reported. A missing figure is unknown, and not 0. */
function describeUsage({
  inputTokens,
  cachedInputTokens,
  cacheWriteInputTokens,
  costUsd,
}: TurnUsage): string {
  const known = (count: number | undefined): string => (count === undefined ? 'unknown' : String(count))
  const fresh =
    inputTokens === undefined || cachedInputTokens === undefined
      ? undefined
      : inputTokens - cachedInputTokens - (cacheWriteInputTokens ?? 0)
  const tokens = `cache-read ${known(cachedInputTokens)}, cache-write ${known(cacheWriteInputTokens)}, fresh ${known(fresh)}`
  return `input tokens: ${tokens}; cost ${costUsd === undefined ? 'unknown' : `$${costUsd.toFixed(4)}`}`
}

function seconds(milliseconds: number): string {
  return `${Math.max(0, Math.round(milliseconds / 1000))} s`
}
