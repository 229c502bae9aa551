import {
  SubagentError,
  type Driver,
  type EventSink,
  type OpenOutcome,
  type Session,
  type SessionSpec,
} from '@subagent-mcp/contract'
import type { Candidate } from '@subagent-mcp/routing'
import type { Profile } from './agent.js'
import type { Effect } from './effect.js'
import type { AgentFact } from './fact.js'

/** What the runner of effects is given. */
export type EffectOptions = {
  drivers: ReadonlyMap<string, Driver>
  /** The environment of a caller: kept out of the state, because it holds secrets. */
  environmentOf: (caller: string) => SessionSpec['environment']
  now: () => number
  dispatch: (fact: AgentFact) => void
}

/** Returns a function that runs an effect. What comes of it is dispatched; it never throws. */
export function createEffectRunner(options: EffectOptions): (effect: Effect) => void {
  const sessions = new Map<string, OpenSession>()
  return (effect) => {
    if (effect.type === 'open') {
      void openSession(options, sessions, effect)
      return
    }
    const entry = sessions.get(effect.agentId)
    if (effect.type === 'send') entry?.session?.send(effect.command)
    else if (entry?.session) void entry.session.close(effect.mode)
    else entry?.opening.abort()
  }
}

type OpenSession = { opening: AbortController; session?: Session }

async function openSession(
  { drivers, environmentOf, now, dispatch }: EffectOptions,
  sessions: Map<string, OpenSession>,
  { profile, candidate }: Effect & { type: 'open' },
): Promise<void> {
  const agentId = profile.id
  const opening = new AbortController()
  sessions.set(agentId, { opening })
  const sink: EventSink = (event) => {
    if (event.type === 'session-closed') sessions.delete(agentId)
    dispatch({ type: 'session-event-received', at: now(), agentId, event })
  }
  const spec = sessionSpec(profile, candidate, environmentOf(profile.caller))
  const outcome = await open(drivers.get(candidate.provider), { spec, sink, signal: opening.signal })
  if (outcome.type === 'opened') {
    sessions.set(agentId, { opening, session: outcome.session })
    dispatch({ type: 'session-opened', at: now(), agentId, ...(outcome.notes && { notes: outcome.notes }) })
  } else {
    sessions.delete(agentId)
    dispatch({ type: 'session-open-failed', at: now(), agentId, failure: outcome.failure })
  }
}

/** A driver promises not to throw. One that does must not leave the agent opening for ever. */
async function open(
  driver: Driver | undefined,
  { spec, sink, signal }: { spec: SessionSpec; sink: EventSink; signal: AbortSignal },
): Promise<OpenOutcome> {
  try {
    if (!driver) throw new SubagentError('unknown-provider', 'no driver for this provider')
    return await driver.open(spec, sink, signal)
  } catch (cause) {
    return {
      type: 'failed',
      failure: { reason: 'unknown', message: `the driver failed to open: ${String(cause)}` },
    }
  }
}

function sessionSpec(
  { cwd, mcp }: Profile,
  { model, effort }: Candidate,
  environment: SessionSpec['environment'],
): SessionSpec {
  return { cwd, mcp, environment, ...(model !== undefined && { model }), ...(effort && { effort }) }
}
