import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useCallback, useRef, type KeyboardEvent, type ReactNode } from 'react'
import type { AgentSummary } from '../../data/agents.js'
import { navigateTo, formatRouteAddress } from '../../data/route.js'
import { formatAgentUsage, formatWorkedTime } from '../../text/figures.js'
import { escapeLine } from '../../text/visible-lines.js'
import { formatAgentTitle, StatusMark } from './agent-words.js'
import type { AgentListRow } from './list-rows.js'

type ListProps = { rows: readonly AgentListRow[]; chosen: string; onChoose: () => void }

/** The list of agents; only what is visible is drawn. The arrow keys, j and k go to the next and the previous agent. */
export function AgentList({ rows, chosen, onChoose }: ListProps): ReactNode {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: useCallback(() => scroller.current, []),
    // With a new function at each drawing, the virtualizer would place all rows again at each frame of scrolling.
    estimateSize: useCallback((index: number) => (rows[index]?.type === 'heading' ? 34 : 66), [rows]),
    getItemKey: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
    overscan: 8,
  })
  const step = (event: KeyboardEvent): void => {
    const by = steps[event.key]
    if (by === undefined) return
    event.preventDefault()
    const agents = rows.flatMap((row, index) => (row.type === 'agent' ? [{ id: row.agent.id, index }] : []))
    const present = agents.findIndex(({ id }) => id === chosen)
    const next = agents[present < 0 ? 0 : Math.min(agents.length - 1, Math.max(0, present + by))]
    if (!next) return
    virtual.scrollToIndex(next.index)
    onChoose()
    navigateTo('agents', next.id)
  }
  return (
    // The scrolled box takes the keyboard, so that the list works without a mouse.
    <div
      className="scroller"
      ref={scroller}
      tabIndex={0}
      onKeyDown={step}
      role="group"
      aria-label="List of agents"
    >
      {rows.length === 0 ? <p className="empty">No agent matches.</p> : null}
      <div className="virtual" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ key, index, start, size }) => {
          const row = rows[index]
          return row ? (
            <div
              key={key}
              className="virtual-row"
              style={{ height: size, transform: `translateY(${start}px)` }}
            >
              <Row row={row} isChosen={row.key === chosen} onChoose={onChoose} />
            </div>
          ) : null
        })}
      </div>
    </div>
  )
}

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }

type RowProps = { row: AgentListRow; isChosen: boolean; onChoose: () => void }

/** A row of the list. It is drawn only when it comes into view or its agent has changed. */
const Row = memo(function Row({ row, isChosen, onChoose }: RowProps): ReactNode {
  if (row.type === 'heading')
    return (
      <h2 className="group">
        {row.group} <span className="count">{row.count}</span>
      </h2>
    )
  const { agent, depth } = row
  return (
    <a
      className="agent-row"
      href={formatRouteAddress('agents', agent.id)}
      aria-current={isChosen ? 'true' : undefined}
      style={{ paddingInlineStart: 12 + Math.min(depth, 6) * 16 }}
      onClick={onChoose}
    >
      <span className="line">
        <StatusMark status={agent.status} />
        <strong>{formatAgentTitle(agent)}</strong>
        <span className="worked">{formatWorkedTime(agent, Date.now())}</span>
      </span>
      <span className="line dim">
        <span>{escapeLine(`${agent.provider} ${agent.model ?? ''}`, 40)}</span>
        <span className="cost">{formatAgentUsage(agent)}</span>
      </span>
      <span className="line dim now">{presentWork(agent)}</span>
    </a>
  )
}, isDrawnAlike)

function isDrawnAlike(one: RowProps, other: RowProps): boolean {
  if (one.isChosen !== other.isChosen || one.onChoose !== other.onChoose) return false
  const [before, after] = [one.row, other.row]
  if (before.type === 'heading' || after.type === 'heading')
    return before.type === after.type && before.key === after.key && countIn(before) === countIn(after)
  return before.agent === after.agent && before.depth === after.depth
}

function countIn(row: AgentListRow): number {
  return row.type === 'heading' ? row.count : 0
}

/** The present work of an agent in one line, or its last work. */
function presentWork({ permissions, recent, failure, waitsFor }: AgentSummary): string {
  const [question] = permissions
  const text = question
    ? `asks: ${question.call}`
    : (waitsFor ?? failure?.message ?? recent.at(-1)?.text ?? '')
  return escapeLine(text, 200)
}
