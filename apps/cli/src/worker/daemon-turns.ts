import { SubagentError, type Clock } from '@subagent-mcp/contract'
import type { DaemonClient } from '@subagent-mcp/client'
import type { LaunchBody } from '@subagent-mcp/api'
import type { SessionChoice, TurnRunner, WorkerOptions } from '@subagent-mcp/worker'
import { randomUUID } from 'node:crypto'
import { followTurn } from './follow-turn.js'
import { inTime } from './in-time.js'
import type { KeptAttendance, WorkerPresence } from './keep-attendance.js'
import { refusedTurn, type BegunTurn } from './turn-outcome.js'

/** How a worker's sessions are launched: all but what each turn brings. */
export type WorkerLaunch = Omit<LaunchBody, 'prompt' | 'requestId' | 'attendance' | 'keepOpen'>

export type DaemonTurnsParts = {
  attendance: KeptAttendance
  launch: WorkerLaunch
  /** `warm` keeps the process between turns, `resume` the session alone, `fresh` neither. */
  keep: WorkerOptions['session']
  clock: Clock
}

/** Turns as agents of the daemon; a session's id is its agent's. */
export function daemonTurns(parts: DaemonTurnsParts): TurnRunner {
  const { attendance, clock, keep } = parts
  /** Its process may be there still. */
  let open: string | undefined
  let closing = Promise.resolve()
  return {
    run: async ({ prompt, session, deadlineMs }, signal) => {
      const until = clock.now() + deadlineMs
      const presence = await attendance.present()
      const { client } = presence
      if (session.type === 'new' && open !== undefined) closing = closeSession(client, open)
      // What closes is not to be spoken to: it would be told to close in its next turn.
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
    // It says so of an attendance that is over too.
    const isOver = error instanceof SubagentError && error.code === 'invalid-parameter'
    if (!isOver || (await isThere(turn.presence))) throw error
    const hint = 'it is made anew by itself'
    throw new SubagentError('daemon-unreachable', 'the attendance has ended', { hint, cause: error })
  }
}

async function isThere({ client, instance }: WorkerPresence): Promise<boolean> {
  const attendances = await inTime(client.attendances())
  return attendances.some((attendance) => attendance.instance === instance)
}

/** Asked twice where the first answer does not come: with one request id that launches once. */
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

/** Never rejects: where it fails, the session ends with the attendance. */
async function closeSession(client: DaemonClient, id: string): Promise<void> {
  try {
    await inTime(client.release(id))
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
  }
}
