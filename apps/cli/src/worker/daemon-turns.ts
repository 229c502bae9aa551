import { SubagentError, type Clock } from '@subagent-mcp/contract'
import type { DaemonClient } from '@subagent-mcp/client'
import type { LaunchBody } from '@subagent-mcp/api'
import type { SessionChoice, TurnRunner, WorkerOptions } from '@subagent-mcp/worker'
import { randomUUID } from 'node:crypto'
import { followTurn } from './follow-turn.js'
import { inTime } from './in-time.js'
import type { KeptAttendance, WorkerPresence } from './keep-attendance.js'
import { refusedTurn, type BegunTurn } from './turn-outcome.js'

/** The launch options of a worker's sessions, without the fields that differ for each turn. */
export type WorkerLaunch = Omit<LaunchBody, 'prompt' | 'requestId' | 'attendance' | 'keepOpen'>

export type DaemonTurnsParts = {
  attendance: KeptAttendance
  launch: WorkerLaunch
  /** What stays between turns: `warm` keeps the process, `resume` only the session, `fresh` neither. */
  keep: WorkerOptions['session']
  clock: Clock
}

/** Creates the turn runner of a worker, which runs turns as agents of the daemon. The id of a session is the id of its agent. */
export function daemonTurns(parts: DaemonTurnsParts): TurnRunner {
  const { attendance, clock, keep } = parts
  /** The agent of the last session, whose process may still run. */
  let open: string | undefined
  let closing = Promise.resolve()
  return {
    run: async ({ prompt, session, deadlineMs }, signal) => {
      const until = clock.now() + deadlineMs
      const presence = await attendance.present()
      const { client } = presence
      if (session.type === 'new' && open !== undefined) closing = closeSession(client, open)
      // A message must not reach a session that is closing, because the message's turn would be ended by the close.
      await closing
      try {
        const begun = await beginTurn({ ...parts, presence, prompt, session })
        open = begun.id
        const outcome = await followTurn({ ...begun, presence, attendance, clock, until }, signal)
        if (keep !== 'warm') closing = closeSession(client, begun.id)
        return outcome
      } catch (error) {
        if (!(error instanceof SubagentError) || error.code === 'daemon-unreachable') throw error
        return refusedTurn(error, { known: session.type === 'known' })
      }
    },
  }
}

type Beginning = DaemonTurnsParts & { presence: WorkerPresence; prompt: string }

async function beginTurn({ session, ...turn }: Beginning & { session: SessionChoice }): Promise<BegunTurn> {
  try {
    return session.type === 'new' ? await launchAgent(turn) : await tellAgent(turn, session.id)
  } catch (error) {
    // The daemon also answers `invalid-parameter` if the worker's registration has ended.
    const isOver = error instanceof SubagentError && error.code === 'invalid-parameter'
    if (!isOver || (await isThere(turn.presence))) throw error
    const hint = 'the worker connects again by itself'
    throw new SubagentError('daemon-unreachable', 'the connection of the worker has ended', {
      ...{ hint, cause: error },
    })
  }
}

async function isThere({ client, instance }: WorkerPresence): Promise<boolean> {
  const attendances = await inTime(client.attendances())
  return attendances.some((attendance) => attendance.instance === instance)
}

/** Launches an agent. Repeats the request once if its answer does not arrive; the request id prevents a second launch. */
async function launchAgent({ presence, launch, keep, prompt }: Beginning): Promise<BegunTurn> {
  const { client, instance } = presence
  const body = { ...launch, prompt, requestId: randomUUID(), attendance: instance }
  const order: LaunchBody = keep === 'warm' ? { ...body, keepOpen: true } : body
  const { agent } = await inTime(client.launch(order)).catch((error: unknown) => {
    if (!isUnreachable(error)) throw error
    return inTime(client.launch(order))
  })
  return { id: agent.id, before: 0, known: false }
}

function isUnreachable(error: unknown): boolean {
  return error instanceof SubagentError && error.code === 'daemon-unreachable'
}

async function tellAgent({ presence, launch, prompt }: Beginning, id: string): Promise<BegunTurn> {
  const { cwd, environment, pid } = launch
  const message = { text: prompt, attendance: presence.instance, cwd, environment }
  const order = pid === undefined ? message : { ...message, pid }
  const { agent } = await inTime(presence.client.send(id, order))
  return { id, before: agent.turnCount, known: true }
}

/**
 * Closes the session of an agent. Never rejects: a session that is not closed ends with the worker's registration at the daemon.
 */
async function closeSession(client: DaemonClient, id: string): Promise<void> {
  try {
    await inTime(client.release(id))
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
  }
}
