import type { Command } from '../command.js'
import type { MailState } from '../mail-state.js'
import type { Outcome } from '../outcome.js'
import { longestDrift } from '../mail-state.js'
import { createLetters } from './letters.js'
import type { Memory } from './memory.js'
import { changeAgents } from './change-agents.js'
import { sendLetters } from './send-letters.js'
import { takeLetters } from './take-letters.js'
import { memoryViews } from './memory-views.js'

/** Creates the state of a mailbox in memory. It answers each command as the state in SQLite does. */
export function createMemoryMailState(): MailState {
  const memory: Memory = { letters: createLetters(), agents: new Map(), handlers: new Map(), keys: new Map() }
  let last = 0
  return {
    ...memoryViews(memory),
    apply: (command, at) => {
      const isDrift = last > at && last - at <= longestDrift
      if (last > at && !isDrift) setBack(memory, { last, at })
      if (!isDrift) last = at
      return change(memory, command, last)
    },
  }
}

function change(memory: Memory, command: Command, at: number): Outcome {
  switch (command.type) {
    case 'register':
    case 'leave':
    case 'tidy':
      return changeAgents(memory, command, at)
    case 'send':
    case 'reply':
    case 'publish':
      return sendLetters(memory, command, at)
    default:
      return takeLetters(memory, command, at)
  }
}

/** Corrects times after a clock that was far ahead: a wait that was left after the last command is left after this one. */
function setBack({ letters, keys, agents }: Memory, { last, at }: { last: number; at: number }): void {
  const back = last - at
  const moved = (time: number): number => (time >= last ? time - back : time)
  for (const { message, since, dueAt, until } of letters.all())
    letters.change(
      message.id,
      {},
      {
        ...{ since: Math.min(since, at), dueAt: moved(dueAt) },
        until: until === undefined ? undefined : moved(until),
      },
    )
  for (const key of keys.values()) key.at = Math.min(key.at, at)
  for (const agent of agents.values()) agent.lastSeenAt = Math.min(agent.lastSeenAt, at)
}
