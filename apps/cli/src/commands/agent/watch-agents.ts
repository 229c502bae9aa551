import { SubagentError } from '@subagent-mcp/contract'
import { settlesWithin } from '@subagent-mcp/driver-kit'
import { setTimeout as delay } from 'node:timers/promises'
import { exitCode } from '../../exit.js'
import type { Desk } from '../../terminal/command-context.js'
import { createBell, type Bell } from '../../terminal/bell.js'
import { askForAgents, type Listed, type Shown } from './list-agents.js'
import { openView, type View } from './agents-view.js'

/** Shows the agents, and again whenever something happens to one, until Ctrl-C or the daemon's end. */
export async function watchAgents(args: Shown & { json: boolean }, desk: Desk): Promise<number> {
  const stop = new AbortController()
  const unlisten = desk.terminal.onInterrupt(() => {
    stop.abort()
  })
  const view = openView(args, desk.terminal)
  const bell = createBell()
  try {
    const showing = keepShowing({ args, desk, view, bell, signal: stop.signal })
    await Promise.race([showing, ringForFacts(desk, bell, stop.signal)])
    return exitCode.interrupted
  } catch (error) {
    if (stop.signal.aborted) return exitCode.interrupted
    throw error
  } finally {
    stop.abort()
    unlisten()
    await view.close()
  }
}

type Watch = { args: Shown; desk: Desk; view: View; bell: Bell; signal: AbortSignal }

/** Rings for each fact. @throws SubagentError when the daemon is gone */
async function ringForFacts({ client }: Desk, bell: Bell, signal: AbortSignal): Promise<void> {
  for await (const _ of client.events({ signal })) bell.ring()
  if (!signal.aborted) throw new SubagentError('daemon-unreachable', 'the daemon has ended')
}

/** Asks only when something has happened; the times in the table go on by themselves. */
async function keepShowing({ args, desk, view, bell, signal }: Watch): Promise<void> {
  const { now } = desk.terminal
  let listed: Listed | undefined
  let asOf = 0
  while (!signal.aborted) {
    if (!listed || bell.take() || now() - asOf >= silence) {
      listed = await askForAgents(args, desk)
      asOf = now()
    }
    await view.show(listed, asOf)
    await delay(shortestPause, undefined, { signal })
    await settlesWithin(bell.rung(), longestPause, signal)
  }
}

/** Milliseconds between two redraws. */
const shortestPause = 250
const longestPause = 750
/** An agent stalls without a fact: after so many milliseconds of silence it is asked for. */
const silence = 30_000
