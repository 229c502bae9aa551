import type { AgentSummary } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import { settlesWithin } from '@subagent-mcp/driver-kit'
import { setTimeout as delay } from 'node:timers/promises'
import { isBusy, modelText, agentOutcomeText } from '../../terminal/agent-lines.js'
import type { CommandContext } from '../../terminal/command-context.js'
import { clockTime } from '../../terminal/format.js'
import { untilInterrupted } from '../../terminal/input.js'
import { cutToWidth } from '../../terminal/table.js'
import type { Terminal } from '../../terminal/terminal.js'
import { agentListRemarks, readAgents, renderAgents, type AgentFilter, type AgentList } from './agent-list.js'

/** Shows agents, and updates them after each fact, until Ctrl-C. @throws SubagentError when the daemon ends */
export async function watchAgents(
  { json, ...filter }: AgentFilter & { json: boolean },
  context: CommandContext,
): Promise<number> {
  const { terminal } = context
  const view = json ? jsonView(terminal) : terminal.stdout.size() ? screenView(terminal) : lineView(terminal)
  try {
    return await untilInterrupted(terminal, (signal) => keepShowing({ filter, context, view }, signal))
  } finally {
    await view.close()
  }
}

type Watch = { filter: AgentFilter; context: CommandContext; view: AgentsView }

/** Shows agents again and again. Asks the daemon only after a fact; the time spans in the table advance without asking. */
async function keepShowing({ filter, context, view }: Watch, signal: AbortSignal): Promise<never> {
  const { now } = context.terminal
  const facts = countFacts(context.client, signal)
  let list: AgentList | undefined
  let [asOf, seen] = [0, 0]
  for (;;) {
    if (!list || facts.count() > seen || now() - asOf >= silence) {
      seen = facts.count()
      list = await Promise.race([readAgents(filter, context), facts.failed])
      asOf = now()
    }
    await view.show(list, asOf)
    await delay(shortestPause, undefined, { signal })
    await settlesWithin(Promise.race([facts.more(seen), facts.failed]), longestPause, signal)
  }
}

/** Counts facts of the daemon. `failed` rejects when the daemon ends. */
function countFacts({ events }: CommandContext['client'], signal: AbortSignal) {
  let count = 0
  let wake = (): void => undefined
  const follow = async (): Promise<never> => {
    for await (const _ of events({ signal })) {
      count += 1
      wake()
    }
    throw new SubagentError('daemon-unreachable', 'the daemon has ended')
  }
  const failed = follow()
  // A failure is reported where it is awaited.
  failed.catch(() => undefined)
  return {
    failed,
    count: () => count,
    more: (seen: number) =>
      new Promise<void>((resolve) => {
        wake = resolve
        if (count > seen) resolve()
      }),
  }
}

/** The shortest time between two redraws of the agents, in milliseconds. */
const shortestPause = 250
const longestPause = 750
/** Milliseconds after which the daemon is asked even without a fact, because no fact reports that an agent stalls. */
const silence = 30_000

/** A place where a changing list of agents is shown; `asOf` is when the daemon reported it. */
type AgentsView = {
  show(list: AgentList, asOf: number): Promise<void>
  /** Ends the view, and restores the terminal. */
  close(): Promise<void>
}

/** Shows a table on the whole screen of the terminal. */
function screenView({ stdout, now, home }: Terminal): AgentsView {
  let isOpen = false
  return {
    show: async (list, asOf) => {
      const { columns, rows } = stdout.size() ?? { columns: 80, rows: 24 }
      const [titles = '', ...table] = renderAgents(list.shown, { now: now(), asOf, home }, stdout)
      const running = list.shown.filter(isBusy).length
      const head = `${clockTime(now())}  ${running} of ${list.shown.length} agents run; Ctrl-C ends this view`
      // The newest agents are the last rows.
      const lines = [cutToWidth(head, columns), '', titles, ...table.slice(-Math.max(1, rows - 4))]
      const all = [...lines, ...agentListRemarks(list).map((line) => cutToWidth(line, columns))]
      const frame = `${codes.home}${all.map((line) => `${line}${codes.clearLine}`).join('\r\n')}${codes.clearBelow}`
      await stdout.print(isOpen ? frame : `${codes.enter}${frame}`)
      isOpen = true
    },
    close: async () => {
      if (isOpen) await stdout.print(codes.leave)
    },
  }
}

/** Control sequences: `enter` opens the alternate screen of the terminal without a cursor, `leave` closes it. */
const codes = {
  enter: '\u001b[?1049h\u001b[?25l',
  leave: '\u001b[?25h\u001b[?1049l',
  home: '\u001b[H',
  clearLine: '\u001b[K',
  clearBelow: '\u001b[J',
}

/** The view of `ps --watch` in a pipe: a line for each change of an agent. */
function lineView({ stdout, now }: Terminal): AgentsView {
  const printed = new Map<string, string>()
  return {
    show: async ({ shown }) => {
      for (const agent of shown) {
        const state = `${agent.status} ${agent.turnCount} ${agent.permissions.map(({ requestId }) => requestId).join()}`
        if (printed.get(agent.id) === state) continue
        printed.set(agent.id, state)
        await stdout.print(`${clockTime(now())}  ${changeText(agent)}\n`)
      }
    },
    close: () => Promise.resolve(),
  }
}

function changeText(agent: AgentSummary): string {
  const text = agentOutcomeText(agent)
  return isBusy(agent) ? `${text} (${modelText(agent)})` : text
}

/** Prints the agents as one line of JSON for each new list. */
function jsonView({ stdout }: Terminal): AgentsView {
  let printed: AgentList | undefined
  return {
    show: async (list) => {
      if (list === printed) return
      printed = list
      await stdout.print(`${JSON.stringify(list.shown)}\n`)
    },
    close: () => Promise.resolve(),
  }
}
