import type { Fact } from '@subagent-mcp/core'

/** Whether an agent may have come to rest with a fact: whether it has, its state says. */
export function mayEnd(fact: Fact): boolean {
  return endings.includes(fact.type === 'session-event-received' ? fact.event.type : fact.type)
}

const endings: readonly string[] = [
  'turn-ended',
  'session-closed',
  'session-open-failed',
  'stop-requested',
  'shutdown-requested',
  'recovered',
]
