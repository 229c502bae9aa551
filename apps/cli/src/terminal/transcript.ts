import { isAnsweredByPolicy, type Fact } from '@subagent-mcp/core'
import { tellEvent, tellRuled } from './tell-event.js'
import { tellOrder } from './tell-order.js'
import type { Transcript, Told } from './passage.js'

/** Before the first fact; `home` is the user's home folder. */
export function emptyTranscript(home: string): Transcript {
  return { home, waiting: 0, hasSaid: false, tools: new Map() }
}

/** Tells a fact about one agent: facts go in, in order; what a person reads comes out. */
export function tellFact(transcript: Transcript, fact: Fact): Told {
  if (fact.type !== 'session-event-received') return tellOrder(transcript, fact)
  const { event, ruling, at } = fact
  return event.type === 'approval-requested' && isAnsweredByPolicy(ruling)
    ? tellRuled(transcript, { event, ruling, at })
    : tellEvent(transcript, event, at)
}
