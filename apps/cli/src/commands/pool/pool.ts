import type { PooledAgent, PooledProcess } from '@subagent-mcp/api'
import type { TurnUsage } from '@subagent-mcp/contract'
import { cwdFlag, jsonFlag, textArgSchema, booleanArgSchema } from '../../command/arg-schemas.js'
import { defineDaemonCommand } from '../../terminal/command-context.js'
import { formatCount, formatMegabytes, formatDollars, formatShortTimeSpan } from '../../terminal/format.js'
import type { TextTone } from '../../terminal/paint.js'
import { printList, printResult } from '../../terminal/print.js'
import { formatTableLines, type TableColumn } from '../../terminal/table.js'
import type { TextOutput } from '../../terminal/terminal.js'
import { cutSafeLine } from '../../terminal/text.js'
import { describeTerminalCaller } from '../../terminal/person.js'

export const poolCommand = defineDaemonCommand(
  {
    description: 'List the processes that are kept ready for defined agents, with tasks, memory and tokens',
    details: ['subagent-mcp invoke gives such a process its tasks. Memory is in MB of 1024 * 1024 bytes.'],
    examples: ['pool', 'pool --json'],
    flags: { cwd: cwdFlag, json: jsonFlag },
  },
  async ({ json, cwd }, { client, terminal }) => {
    const agents = await client.pool(describeTerminalCaller(cwd, terminal))
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
    ...agents
      .filter(isLive)
      .flatMap((agent) =>
        agent.processes.map((process, index) => ({ agent, process, isFirst: index === 0 })),
      ),
    ...agents.filter((agent) => !isLive(agent)).map((agent) => ({ agent, isFirst: true })),
  ]
  const dropFirst = ['RESET', 'COST', 'WRITTEN', 'AGE', 'FRESH', 'CACHED']
  return formatTableLines(rows, { columns: poolColumns(now), dropFirst }, screen)
}

/** A row of the table: a process of an agent, or an agent without one. Figures of the agent stand in its first row only. */
type PoolRow = { agent: PooledAgent; process?: PooledProcess; isFirst: boolean }

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
  return (at) => formatShortTimeSpan(now - at)
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

export const warmupCommand = defineDaemonCommand(
  {
    description: 'Start the process of a defined agent before its first task, which then begins sooner',
    examples: ['warmup reviewer', 'warmup reviewer --cache'],
    words: {
      agent: textArgSchema('agent', 'Name of the defined agent, as subagent-mcp agents lists it', {
        names: 'definitions',
      }),
    },
    flags: {
      cache: booleanArgSchema('Also let the provider cache the prompt, by one short request; costs a little'),
      cwd: cwdFlag,
      json: booleanArgSchema('Print the process as JSON instead of text, for scripts'),
    },
  },
  async ({ agent, cache, json, cwd }, { client, terminal }) => {
    const process = await client.warmUp(agent, { ...describeTerminalCaller(cwd, terminal), cache })
    return printResult(terminal, json, { text: warmText(agent, process), data: process })
  },
)

function warmText(agent: string, { pid, memory }: PooledProcess): string {
  const facts = [
    ...(pid === undefined ? [] : [`pid ${pid}`]),
    ...(memory === undefined ? [] : [formatMegabytes(memory)]),
  ].join(', ')
  return `${cutSafeLine(agent, 80)} is warm${facts && `: ${facts}`}`
}

export const resetCommand = defineDaemonCommand(
  {
    description: 'End the processes that are kept ready for a defined agent, and their tasks',
    examples: ['reset reviewer', 'reset reviewer --json'],
    words: {
      agent: textArgSchema('agent', 'Name of the defined agent, as subagent-mcp pool lists it', {
        names: 'definitions',
      }),
    },
    flags: {
      cwd: cwdFlag,
      json: booleanArgSchema('Print the number of ended processes as JSON instead of text, for scripts'),
    },
  },
  async ({ agent, json, cwd }, { client, terminal }) => {
    const reset = await client.resetPool(agent, describeTerminalCaller(cwd, terminal))
    const text = `${cutSafeLine(agent, 80)}: ended ${reset.ended} process${reset.ended === 1 ? '' : 'es'}`
    return printResult(terminal, json, { text, data: reset })
  },
)
