import type { EventSink, SessionEvent } from '@subagent-mcp/contract'

/** Holds events back until whoever waits for the session has been told that it is open. */
export function holdEvents(sink: EventSink): EventSink {
  let held: SessionEvent[] | undefined = []
  setImmediate(() => {
    for (const event of held ?? []) sink(event)
    held = undefined
  })
  return (event) => {
    if (held) held.push(event)
    else sink(event)
  }
}
