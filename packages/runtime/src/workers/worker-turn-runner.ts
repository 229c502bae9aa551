import { SubagentError } from '@subagent-mcp/contract'
import {
  loadCurrentTurnText,
  interruptAgent,
  hasAgentEnded,
  willAgentReportUnprompted,
  listOpenQuestions,
  releaseAgent,
  stopAgent,
  summarizeAgent,
  waitForFact,
  type Agent,
  type Supervisor,
} from '@subagent-mcp/core'
import { joinAbortSignals } from '@subagent-mcp/mailbox'
import {
  getKnownTurnDetails,
  type WorkerTurnEnd,
  type WorkerTurnRunner,
  type WorkerOptions,
} from '@subagent-mcp/worker'
import type { Connection } from '../callers/connection.js'
import type { WorkerLaunch } from './plan-worker.js'
import { createRefusedTurnEnd, getWorkerTurnOutcome, type StartedWorkerTurn } from './worker-turn-outcome.js'

export type WorkerTurnRunnerOptions = {
  supervisor: Supervisor
  stalledAfter: number
  connection: Pick<Connection, 'caller' | 'port'>
  launch: WorkerLaunch
  /** What stays between turns: `warm` keeps the process, `resume` only the session, `fresh` neither. */
  keep: WorkerOptions['session']
  /** Aborts when the worker must end immediately: a running turn is then no longer waited for. */
  hurry: AbortSignal
}

/** Creates the turn runner of a worker, whose turns are turns of agents. The id of a session is the id of its agent. */
export function createWorkerTurnRunner(parts: WorkerTurnRunnerOptions): WorkerTurnRunner {
  const { supervisor, connection, launch, keep } = parts
  const { agents } = connection.port
  /** The agent of the last session, whose process may still run. */
  let open: string | undefined
  let closing = Promise.resolve()
  const begin = async (prompt: string, session: Parameters<WorkerTurnRunner['run']>[0]['session']) => {
    if (session.type === 'known') {
      const before = agents.find(session.id).turns.length
      agents.send({ agentId: session.id, text: prompt, steer: false })
      return { id: agents.find(session.id).profile.id, before, known: true }
    }
    const { agent } = await agents.launch({
      ...{ ...launch, prompt },
      ...(keep === 'warm' && { keepOpen: true as const }),
    })
    return { id: agent.profile.id, before: 0, known: false }
  }
  return {
    isRefused: () => {
      const driver = launch.provider === undefined ? undefined : supervisor.drivers.get(launch.provider)
      return driver?.preflight(supervisor.environmentOf(connection.caller)) !== undefined
    },
    run: async ({ prompt, session, deadlineMs }, signal) => {
      const until = supervisor.clock.now() + deadlineMs
      if (session.type === 'new' && open !== undefined) closing = closeSession(supervisor, open)
      // A message must not reach a session that is closing, because the message's turn would be ended by the close.
      await closing
      try {
        const begun = await begin(prompt, session)
        open = begun.id
        const outcome = await followTurn({ ...parts, begun, until }, signal)
        if (keep !== 'warm') closing = closeSession(supervisor, begun.id)
        return outcome
      } catch (error) {
        if (error instanceof SubagentError)
          return createRefusedTurnEnd(error, { known: session.type === 'known' })
        throw error
      }
    },
  }
}

type RunningTurn = WorkerTurnRunnerOptions & { begun: StartedWorkerTurn; until: number }

/** Waits for the end of a turn, and ends it at its deadline or when the signal aborts. */
async function followTurn(turn: RunningTurn, signal: AbortSignal): Promise<WorkerTurnEnd> {
  const timeout = Math.max(0, turn.until - turn.supervisor.clock.now())
  const either = joinAbortSignals([signal, turn.hurry])
  const ended = await untilTurnEnded(turn, { timeout, signal: either.signal }).finally(either.part)
  if (typeof ended !== 'string') return ended
  return endTurn(turn, ended === 'cancelled' ? 'stopped' : 'timed-out')
}

/** Waits until an agent runs no turn. A permission request is answered by a person or by its deadline; the turn then continues. */
async function untilTurnEnded(
  { supervisor, stalledAfter, begun }: RunningTurn,
  patience: { timeout: number; signal: AbortSignal },
): Promise<WorkerTurnEnd | 'timed-out' | 'cancelled'> {
  const look = (): Agent | 'pruned' | undefined => {
    const agent = supervisor.state().agents.get(begun.id)
    if (!agent) return 'pruned'
    return willAgentReportUnprompted(agent) || listOpenQuestions(agent).length > 0 ? undefined : agent
  }
  const waited = await waitForFact(supervisor, look, patience)
  if (waited.type !== 'found') return waited.type
  const { found } = waited
  if (found === 'pruned')
    return createRefusedTurnEnd(new SubagentError('unknown-agent', `${begun.id} was pruned`), begun)
  const summary = summarizeAgent(found, { now: supervisor.clock.now(), stalledAfter })
  // The text may be read from the journal, which a listener of facts must not do, because it may throw.
  return getWorkerTurnOutcome({ agent: summary, said: loadCurrentTurnText(supervisor, found) }, begun)
}

/**
 * Ends a turn with an interrupt, so that the session can continue, and stops the agent if the interrupt has no effect. The agent of a
 * worker that ends immediately is shut down instead, before the worker releases the messages of the turn.
 */
async function endTurn(turn: RunningTurn, type: 'timed-out' | 'stopped'): Promise<WorkerTurnEnd> {
  const { supervisor, connection, begun, hurry } = turn
  const isHurried = (): boolean => hurry.aborted
  try {
    const interrupted = !isHurried() && interruptAgent(supervisor, begun.id)
    const late = interrupted
      ? await untilTurnEnded(turn, { timeout: interruptMs, signal: hurry })
      : 'timed-out'
    // If the turn has completed meanwhile, its answer counts.
    if (typeof late !== 'string') return late.type === 'ended' ? late : { ...getKnownTurnDetails(late), type }
    await (isHurried() ? shutDown(turn) : stopAgent(supervisor, connection.caller, begun.id))
    return { type }
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    // The agent is no longer known.
    return { type }
  }
}

/** Shuts down the agent of a turn, whose session can be resumed. Resolves when the agent has ended, or after a second. */
async function shutDown({ supervisor, begun }: RunningTurn): Promise<void> {
  supervisor.dispatch({ type: 'shutdown-requested', at: supervisor.clock.now(), agentId: begun.id })
  const look = (): true | undefined => {
    const agent = supervisor.state().agents.get(begun.id)
    return !agent || hasAgentEnded(agent) ? true : undefined
  }
  await waitForFact(supervisor, look, { timeout: shutDownMs })
}

/** The milliseconds that an agent gets to end when its worker ends immediately. */
const shutDownMs = 1_000

/** The milliseconds that a turn gets to end after an interrupt. */
const interruptMs = 2_000

/** Closes the session of an agent. Never rejects: a session that is not closed ends with the worker. */
async function closeSession(supervisor: Supervisor, id: string): Promise<void> {
  try {
    await releaseAgent(supervisor, id)
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
  }
}
