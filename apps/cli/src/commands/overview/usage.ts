import type { UsageGroup, TokenUsageReport } from '@subagent-mcp/api'
import { formatLocalDate, usageGroupings, type UsageGrouping } from '@subagent-mcp/contract'
import { choiceArgSchema, jsonFlag, timeSpanArgSchema } from '../../command/arg-schemas.js'
import { defineDaemonCommand } from '../../terminal/command-context.js'
import {
  formatCount,
  formatDollars,
  formatLocalDateTime,
  formatLongTimeSpan,
  formatCountWithNoun,
  formatShortPath,
} from '../../terminal/format.js'
import { exitCode } from '../../exit.js'
import { printJson, printLines, printRemarks } from '../../terminal/print.js'
import { formatTableLines, type TableColumn } from '../../terminal/table.js'
import type { Terminal } from '../../terminal/terminal.js'
import { cutSafeLine } from '../../terminal/text.js'

export const usageCommand = defineDaemonCommand(
  {
    description: 'Print tokens, cost and time that agents have used, and what is left of limits and budgets',
    details: [
      'Includes agents that were deleted since. A turn counts for the local day on which it ended.',
      'Only Claude reports costs; an unknown cost is printed as ?.',
    ],
    examples: ['usage', 'usage --by day --since 7d', 'usage --by model --json'],
    flags: {
      by: choiceArgSchema(usageGroupings, 'What each printed row sums up').default('provider'),
      since: timeSpanArgSchema(
        'Count only turns of this time until now, as in 7d (default: all)',
      ).exactOptional(),
      json: jsonFlag,
    },
  },
  async ({ by, since, json }, { client, terminal }) => {
    const from = since === undefined ? {} : { since: formatLocalDate(terminal.now() - since * 1000) }
    const report = await client.usage({ by, ...from })
    return json ? printJson(terminal, report) : printUsage(report, by, terminal)
  },
)

async function printUsage(report: TokenUsageReport, by: UsageGrouping, terminal: Terminal): Promise<number> {
  const { groups, total, omitted, since } = report
  const { stdout, home, now } = terminal
  const columns = [...keyColumns(by, home), ...amountColumns]
  const rows = groups.length > 1 ? [...groups, totalRow(total, by)] : groups
  const remarks = [
    ...(groups.length === 0 ? [`no turns ended${since === undefined ? ' yet' : ` since ${since}`}`] : []),
    ...(omitted > 0
      ? [`${formatCountWithNoun(omitted, 'more row')} not shown; --json has the first 1,000 too`]
      : []),
    ...(total.turnsWithoutCost > 0
      ? [`the cost of ${formatCountWithNoun(total.turnsWithoutCost, 'turn')} is unknown`]
      : []),
  ]
  await printLines(stdout, [
    ...formatTableLines(rows, { columns, dropFirst: ['AGENTS', 'CACHED', 'TIME', 'TURNS'] }, stdout),
    ...limitLines(report, now()),
  ])
  await printRemarks(terminal, remarks)
  return exitCode.done
}

const amountColumns: TableColumn<UsageGroup>[] = [
  ['AGENTS', ({ agents }) => `${agents}`],
  ['TURNS', ({ turns }) => `${turns}`],
  ['TIME', ({ turnMs }) => formatLongTimeSpan(turnMs)],
  ['IN', ({ inputTokens }) => countText(inputTokens)],
  ['CACHED', ({ cachedInputTokens }) => countText(cachedInputTokens)],
  ['OUT', ({ outputTokens }) => countText(outputTokens)],
  ['COST', ({ costUsd }) => (costUsd === undefined ? '?' : formatDollars(costUsd))],
]

function countText(count: number | undefined): string {
  return count === undefined ? '?' : formatCount(count)
}

/** Returns the columns of the usage table that name a row: those of a provider, a model, a project and so on. */
function keyColumns(by: UsageGrouping, home: string): TableColumn<UsageGroup>[] {
  const provider: TableColumn<UsageGroup> = ['PROVIDER', (row) => row.provider ?? '', 'bold']
  switch (by) {
    case 'provider':
      return [provider]
    case 'model':
      return [provider, ['MODEL', ({ model = '' }) => cutSafeLine(model || '?', 40)]]
    case 'account':
      return [['ACCOUNT', ({ account = '' }) => account, 'bold'], provider]
    case 'project':
      return [['PROJECT', ({ project = '' }) => cutSafeLine(formatShortPath(project, home), 40), 'bold']]
    case 'agent':
      return [
        ['AGENT', ({ agentId = '' }) => agentId, 'bold'],
        ['NAME', ({ name = '' }) => cutSafeLine(name, 24)],
      ]
    case 'definition':
      return [['DEFINITION', ({ definition = '' }) => cutSafeLine(definition || '(none)', 40), 'bold']]
    case 'day':
      return [['DAY', ({ day = '' }) => day, 'bold']]
  }
}

/** Returns the last row of the usage table, which sums up all others and has `total` in its first column. */
function totalRow(total: TokenUsageReport['total'], by: UsageGrouping): UsageGroup {
  const key = by === 'agent' ? 'agentId' : by === 'model' ? 'provider' : by
  return { ...total, [key]: 'total', ...(by === 'model' && { model: ' ' }) }
}

/** Describes how much of the limits of accounts and of the budgets of the day is used, one line each. */
function limitLines({ limits, budgets }: TokenUsageReport, now: number): string[] {
  const limitTexts = limits.map(({ account, name, usedPercent, exhausted, resetsAt, reservedPercent }) => {
    const used =
      usedPercent === undefined
        ? exhausted
          ? 'reached'
          : 'use unknown'
        : `${Math.round(usedPercent)} % used`
    const reserved = reservedPercent === undefined ? '' : `, ${reservedPercent} % reserved`
    const until = resetsAt === undefined ? '' : `, until ${formatLocalDateTime(resetsAt)}`
    return `${account}: limit ${name}: ${used}${reserved}${until}`
  })
  const budgetTexts = budgets.map(({ account, limit, most, used, unpriced = 0, resetsAt }) => {
    const amount = (value: number): string => (limit === 'usd' ? formatDollars(value) : formatCount(value))
    const unknown = unpriced > 0 ? `, without ${formatCountWithNoun(unpriced, 'turn')} of unknown cost` : ''
    const unit = limit === 'tokens' ? ' tokens' : ''
    return `${account}: budget of today: ${amount(used)} of ${amount(most)}${unit} used${unknown}, for ${formatLongTimeSpan(resetsAt - now)} more`
  })
  const lines = [...limitTexts, ...budgetTexts]
  return lines.length === 0 ? [] : ['', ...lines]
}
