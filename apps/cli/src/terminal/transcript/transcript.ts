import { isSettled, type Fact } from '@subagent-mcp/core'
import { tellEvent, tellRuled } from './event-entries.js'
import { tellOrder } from './request-entries.js'
import type { Transcript, Told } from './entry.js'

/** Before the first fact; `home` is the user's home folder. */
export function emptyTranscript(home: string): Transcript {
  return { home, waiting: 0, hasSaid: false, tools: new Map() }
}

/** Tells a fact about one agent: facts go in, in order; what a person reads comes out. */
export function tellFact(transcript: Transcript, fact: Fact): Told {
  if (fact.type !== 'session-event-received') return tellOrder(transcript, fact)
  const { event, ruling, at } = fact
  return event.type === 'approval-requested' && isSettled(ruling)
    ? tellRuled(transcript, { event, ruling, at })
    : tellEvent(transcript, event, at)
}
