import type { SessionEventSink, SessionEvent } from '@subagent-mcp/contract'

/** Delays events by one turn of the event loop, so that the caller of `open` has its session before the first event. */
export function delaySessionEvents(sink: SessionEventSink): SessionEventSink {
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
