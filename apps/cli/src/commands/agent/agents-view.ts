import { cutToWidth } from '../../terminal/text-width.js'
import type { AgentSummary } from '@subagent-mcp/api'
import { renderAgents } from './agent-table.js'
import { isBusy, modelText, outcomeText } from '../../terminal/agent-lines.js'
import { clockTime } from '../../terminal/clock-time.js'
import type { Terminal } from '../../terminal/terminal.js'
import { remarks, type Listed } from './list-agents.js'

/** Where a table that changes is shown. */
export type View = {
  /** `asOf` is when the daemon told of them. */
  show(listed: Listed, asOf: number): Promise<void>
  /** Leaves the terminal as it was. */
  close(): Promise<void>
}

/** The whole screen of a terminal; elsewhere a line for each change. */
export function openView({ json }: { json: boolean }, terminal: Terminal): View {
  if (json) return jsonLines(terminal)
  return terminal.stdout.size() ? wholeScreen(terminal) : changedLines(terminal)
}

function wholeScreen({ stdout, now, home }: Terminal): View {
  let isOpen = false
  return {
    show: async (listed, asOf) => {
      const size = stdout.size() ?? { columns: 80, rows: 24 }
      const time = { now: now(), asOf, home }
      const table = renderAgents(listed.shown, { ...time, columns: size.columns, paint: stdout.paint })
      const lines = [
        headline(listed, { columns: size.columns, now: now() }),
        '',
        ...newest(table, size.rows - 4),
      ]
      const all = [...lines, ...remarks(listed).map((line) => cutToWidth(line, size.columns))]
      const frame = `${codes.home}${all.map((line) => `${line}${codes.clearLine}`).join('\r\n')}${codes.clearBelow}`
      await stdout.print(isOpen ? frame : `${codes.enter}${frame}`)
      isOpen = true
    },
    close: async () => {
      if (isOpen) await stdout.print(codes.leave)
    },
  }
}

/** The other screen of the terminal, without a cursor; and back. */
const codes = {
  enter: '\u001b[?1049h\u001b[?25l',
  leave: '\u001b[?25h\u001b[?1049l',
  home: '\u001b[H',
  clearLine: '\u001b[K',
  clearBelow: '\u001b[J',
}

function headline({ shown }: Listed, { columns, now }: { columns: number; now: number }): string {
  const running = shown.filter(isBusy).length
  return cutToWidth(
    `${clockTime(now)}  ${running} of ${shown.length} agents run; Ctrl-C ends this view`,
    columns,
  )
}

/** The titles, and the rows that have room: the newest are last. */
function newest([titles = '', ...rows]: readonly string[], room: number): string[] {
  return [titles, ...rows.slice(-Math.max(1, room))]
}

function changedLines({ stdout, now }: Terminal): View {
  const told = new Map<string, string>()
  return {
    show: async ({ shown }) => {
      for (const agent of shown) {
        const state = `${agent.status} ${agent.turnCount} ${agent.permissions.map(({ requestId }) => requestId).join()}`
        if (told.get(agent.id) === state) continue
        told.set(agent.id, state)
        await stdout.print(`${clockTime(now())}  ${changeText(agent)}\n`)
      }
    },
    close: () => Promise.resolve(),
  }
}

function changeText(agent: AgentSummary): string {
  const text = outcomeText(agent)
  return isBusy(agent) ? `${text} (${modelText(agent)})` : text
}

function jsonLines({ stdout }: Terminal): View {
  let told: Listed | undefined
  return {
    show: async (listed) => {
      if (listed === told) return
      told = listed
      await stdout.print(`${JSON.stringify(listed.shown)}\n`)
    },
    close: () => Promise.resolve(),
  }
}
