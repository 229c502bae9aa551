import { daemonApi, type UsageGroup } from '@subagent-mcp/api'
import { formatLocalDate, usageGroupings, type UsageGrouping } from '@subagent-mcp/contract'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { usePageQuery } from '../data/page-context.js'
import type { PageRequest } from '../data/request-api.js'
import type { PageView } from '../page-view.js'
import { Choice } from '../parts/choice.js'
import { ErrorMessage } from '../parts/error-message.js'
import { formatTokenCount, formatDateTime, formatTimeSpan } from '../text/figures.js'
import { escapeLine } from '../text/visible-lines.js'

/** The tokens and cost that agents have used, and the rest of limits and budgets. */
export const usageView: PageView = { path: 'usage', title: 'Usage', Content: Usage }

/** Loaded when it is first shown, because the page must open without it. */
const UsagePlot = lazy(() => import('./usage-plot.js'))

const daysOfPlot = 30

function Usage(): ReactNode {
  const [by, setBy] = useState<UsageGrouping>('provider')
  const ask = (request: PageRequest) => request(daemonApi.usage, { query: { by } })
  const { data, error } = usePageQuery(['usage', by], ask, { refetchInterval: 10_000 })
  return (
    <div className="page">
      <h1>Usage</h1>
      <Days />
      <label>
        By{' '}
        <Choice
          value={by}
          options={usageGroupings.map((name) => [name, name])}
          onChoose={(value) => {
            setBy(usageGroupings.find((name) => name === value) ?? 'provider')
          }}
        />
      </label>
      <ErrorMessage error={error} />
      {data && data.groups.length === 0 ? <p className="empty">No turn has ended yet.</p> : null}
      {data && data.groups.length > 0 ? <UsageTable groups={data.groups} total={data.total} by={by} /> : null}
      <ul className="rows">
        {data?.limits.map(({ account, name, usedPercent, resetsAt, reservedPercent }) => (
          <li key={`${account} ${name}`}>
            <strong>{escapeLine(account, 60)}</strong> {escapeLine(name, 60)}:{' '}
            {usedPercent === undefined ? 'use unknown' : `${Math.round(usedPercent)} % used`}
            {reservedPercent === undefined ? '' : `, ${reservedPercent} % kept for you`}
            {resetsAt === undefined ? '' : `, until ${formatDateTime(resetsAt)}`}
          </li>
        ))}
        {data?.budgets.map(({ account, limit, most, used }) => (
          <li key={`${account} ${limit}`}>
            <strong>{escapeLine(account, 60)}</strong> budget of today: {amountText(limit, used)} of{' '}
            {amountText(limit, most)} used
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The tokens and cost of each of the last days. */
function Days(): ReactNode {
  const since = formatLocalDate(Date.now() - daysOfPlot * 24 * 3_600_000)
  const ask = (request: PageRequest) => request(daemonApi.usage, { query: { by: 'day', since } })
  const { data } = usePageQuery(['usage', 'days'], ask, { refetchInterval: 60_000 })
  return data && data.groups.length > 0 ? (
    <Suspense fallback={null}>
      <UsagePlot days={daysOfPlot} groups={data.groups} />
    </Suspense>
  ) : null
}

function amountText(limit: 'usd' | 'tokens', amount: number): string {
  return limit === 'usd' ? `$${amount.toFixed(2)}` : `${formatTokenCount(amount)} tokens`
}

type TableProps = { groups: readonly UsageGroup[]; total: UsageGroup; by: UsageGrouping }

/** The sums as a table; a question mark stands for a number that no turn reported. */
function UsageTable({ groups, total, by }: TableProps): ReactNode {
  const rows = [
    ...groups.map((group) => ({ name: nameOf(group, by), group })),
    { name: 'total', group: total },
  ]
  return (
    <div className="wide-table">
      <table>
        <thead>
          <tr>
            {[by, 'turns', 'time', 'tokens in', 'out', 'cost'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, group }, index) => (
            <tr key={index}>
              <th scope="row">{name}</th>
              <td>{group.turns}</td>
              <td>{formatTimeSpan(group.turnMs)}</td>
              <td>{group.inputTokens === undefined ? '?' : formatTokenCount(group.inputTokens)}</td>
              <td>{group.outputTokens === undefined ? '?' : formatTokenCount(group.outputTokens)}</td>
              <td>{group.costUsd === undefined ? '?' : `$${group.costUsd.toFixed(2)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function nameOf(group: UsageGroup, by: UsageGrouping): string {
  const { provider = '', model, agentId = '', name } = group
  const text = {
    ...{ provider, model: `${provider} ${model || '?'}`, agent: name ?? agentId },
    ...{ account: group.account, project: group.project, day: group.day },
    definition: group.definition || '(none)',
  }[by]
  return escapeLine(text ?? '', 80)
}
