import type { PooledAgent, PooledProcess } from '@subagent-mcp/api'
import type { TurnUsage } from '@subagent-mcp/contract'
import { cwdFlag, jsonFlag } from '../../command/values.js'
import { daemonCommand } from '../../terminal/command-context.js'
import { formatCount, formatMegabytes, formatDollars, shortSpan } from '../../terminal/format.js'
import type { TextTone } from '../../terminal/paint.js'
import { printList } from '../../terminal/print.js'
import { tableLines, type TableColumn } from '../../terminal/table.js'
import type { TextOutput } from '../../terminal/terminal.js'
import { cutSafeLine } from '../../terminal/text.js'
import { terminalCaller } from '../../terminal/person.js'

export const poolCommand = daemonCommand(
  {
    description: 'List the warm processes of the agents defined here, and the tasks they did',
    details: ['Memory is in MB of 1024 * 1024 bytes.'],
    examples: ['pool', 'pool --json'],
    flags: { cwd: cwdFlag, json: jsonFlag },
  },
  async ({ json, cwd }, { client, terminal }) => {
    const agents = await client.pool(terminalCaller(cwd, terminal))
    const now = terminal.now()
    const remarks = agents.every(({ builtIn }) => builtIn)
      ? ['no agent of your own is defined here; create one: subagent-mcp agents new <name>']
      : []
    return printList(
      { items: agents, json, render: (items, screen) => renderPool(items, now, screen), remarks },
      terminal,
    )
  },
)

export function renderPool(
  agents: readonly PooledAgent[],
  now: number,
  screen: Pick<TextOutput, 'size' | 'paint'>,
): string[] {
  const isLive = ({ processes }: PooledAgent): boolean => processes.length > 0
  const rows = [
    ...agents.filter(isLive).flatMap(rowsOf),
    ...agents.filter((agent) => !isLive(agent)).map((agent) => ({ agent, isFirst: true })),
  ]
  const dropFirst = ['RESET', 'COST', 'WRITTEN', 'AGE', 'FRESH', 'CACHED']
  return tableLines(rows, { columns: poolColumns(now), dropFirst }, screen)
}

/** A row of the table: a process of an agent, or an agent without one. Figures of the agent stand in its first row only. */
type PoolRow = { agent: PooledAgent; process?: PooledProcess; isFirst: boolean }

function rowsOf(agent: PooledAgent): PoolRow[] {
  return agent.processes.map((process, index) => ({ agent, process, isFirst: index === 0 }))
}

function poolColumns(now: number): TableColumn<PoolRow>[] {
  return [
    ['AGENT', ofAgent(({ name }) => cutSafeLine(name, 32)), 'bold'],
    ['STATUS', statusText, statusTone],
    ['PID', ofProcess(({ pid }) => pid, String)],
    ['TASKS', ({ agent, process }) => `${(process ?? agent.figures).tasks}`],
    ['AGE', ofProcess(({ startedAt }) => startedAt, spanSince(now))],
    ['RESET', ofProcess(({ lastResetAt }) => lastResetAt, spanSince(now))],
    ['MEMORY', ofProcess(({ memory }) => memory, formatMegabytes)],
    ['CACHED', ofAgent(({ figures }) => known(figures.usage.cachedInputTokens, formatCount))],
    ['WRITTEN', ofAgent(({ figures }) => known(figures.usage.cacheWriteInputTokens, formatCount))],
    ['FRESH', ofAgent(({ figures }) => known(freshTokens(figures.usage), formatCount))],
    ['COST', ofAgent(({ figures }) => known(figures.usage.costUsd, formatDollars))],
    [
      'ABOUT',
      ofAgent(({ description, problem }) => cutSafeLine(problem ?? description, 200)),
      ({ agent }) => (agent.problem === undefined ? 'plain' : 'red'),
    ],
  ]
}

function ofAgent(text: (agent: PooledAgent) => string): (row: PoolRow) => string {
  return ({ agent, isFirst }) => (isFirst ? text(agent) : '')
}

function ofProcess(
  value: (process: PooledProcess) => number | undefined,
  show: (value: number) => string,
): (row: PoolRow) => string {
  return ({ process }) => known(process && value(process), show)
}

function known(value: number | undefined, show: (value: number) => string): string {
  return value === undefined ? '-' : show(value)
}

function spanSince(now: number): (at: number) => string {
  return (at) => shortSpan(now - at)
}

function statusText({ agent, process }: PoolRow): string {
  return process?.status ?? (agent.problem === undefined ? 'cold' : 'invalid')
}

function statusTone({ agent, process }: PoolRow): TextTone {
  return process ? tones[process.status] : agent.problem === undefined ? 'dim' : 'red'
}

const tones: Readonly<Record<PooledProcess['status'], TextTone>> = {
  starting: 'dim',
  warm: 'green',
  working: 'plain',
  resetting: 'dim',
  ending: 'dim',
}

/** Returns the input tokens that were neither read from the provider's cache nor written to it. */
function freshTokens({
  inputTokens,
  cachedInputTokens,
  cacheWriteInputTokens,
}: TurnUsage): number | undefined {
  if (inputTokens === undefined || cachedInputTokens === undefined) return undefined
  return Math.max(0, inputTokens - cachedInputTokens - (cacheWriteInputTokens ?? 0))
}
