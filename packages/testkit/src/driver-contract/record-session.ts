import type { SessionEventSink, SessionEvent } from '@subagent-mcp/contract'
import { untilTrue } from '../patience.js'

type EventType = SessionEvent['type']
type EventOf<T extends EventType> = Extract<SessionEvent, { type: T }>

/** The events of a session, and a way to wait for the next one. */
export type SessionRecord = {
  sink: SessionEventSink
  events: readonly SessionEvent[]
  /** Resolves to the next event of a type that was not returned before. Rejects when none comes. */
  next<T extends EventType>(type: T): Promise<EventOf<T>>
}

/** Creates an empty record of a session's events. */
export function recordSession(patienceMs = 20_000): SessionRecord {
  const events: SessionEvent[] = []
  const taken = new Set<SessionEvent>()
  const take = <T extends EventType>(type: T): EventOf<T> | undefined => {
    const found = events.find((event): event is EventOf<T> => event.type === type && !taken.has(event))
    if (found !== undefined) taken.add(found)
    return found
  }
  return {
    events,
    sink: (event) => {
      events.push(event)
    },
    next: async (type) => {
      try {
        return await untilTrue(() => take(type), { timeout: patienceMs, interval: 2 })
      } catch {
        throw new Error(`no ${type} came; the session said ${JSON.stringify(events.slice(-12), null, 1)}`)
      }
    },
  }
}

/** Descriptions of the promises of the driver contract that a session broke; `turnIds` are the prompts that it got. */
export function contractViolations(events: readonly SessionEvent[], turnIds: readonly string[]): string[] {
  const ended = events.flatMap((event) => (event.type === 'turn-ended' ? [event.turnId] : []))
  const closed = events.filter((event) => event.type === 'session-closed')
  return [
    ...turnIds
      .filter((id) => ended.filter((other) => other === id).length !== 1)
      .map((id) => `the prompt ${id} has ${ended.filter((other) => other === id).length} ends`),
    ...ended.filter((id) => !turnIds.includes(id)).map((id) => `a turn ended that nobody began: ${id}`),
    ...(closed.length === 1 ? [] : [`session-closed came ${closed.length} times`]),
    ...(events.at(-1)?.type === 'session-closed' ? [] : ['session-closed is not the last event']),
  ]
}
