import type { Command } from '../command.js'
import { longestDrift, type MailState } from '../mail-state.js'
import type { Outcome } from '../outcome.js'
import { createLetters } from './letters.js'
import type { MailMemory } from './memory.js'
import { deleteOldLetters, registerMemoryAgent, removeMemoryHandlers } from './change-agents.js'
import { sendEventLetters, sendLetter, sendReplyLetter } from './send-letters.js'
import {
  acknowledgeLetters,
  readLetters,
  releaseLetters,
  renewLetterLease,
  reviveLetter,
  takeLetters,
} from './take-letters.js'
import { createMemoryMailLists } from './memory-lists.js'

/** Creates the state of a mailbox in memory. It answers each command as the state in SQLite does. */
export function createMemoryMailState(): MailState {
  const memory: MailMemory = {
    letters: createLetters(),
    agents: new Map(),
    handlers: new Map(),
    keys: new Map(),
  }
  let last = 0
  return {
    ...createMemoryMailLists(memory),
    apply: (command, at) => {
      const isDrift = last > at && last - at <= longestDrift
      if (last > at && !isDrift) setBack(memory, { last, at })
      if (!isDrift) last = at
      return change(memory, command, last)
    },
  }
}

function change(memory: MailMemory, command: Command, at: number): Outcome {
  switch (command.type) {
    case 'register':
      return registerMemoryAgent(memory, command, at)
    case 'leave':
      return removeMemoryHandlers(memory, command, at)
    case 'tidy':
      return deleteOldLetters(memory, command, at)
    case 'send':
      return sendLetter(memory, command, at)
    case 'reply':
      return sendReplyLetter(memory, command, at)
    case 'publish':
      return sendEventLetters(memory, command, at)
    case 'take':
      return takeLetters(memory, command, at)
    case 'renew':
      return renewLetterLease(memory, command, at)
    case 'acknowledge':
      return acknowledgeLetters(memory, command, at)
    case 'release':
      return releaseLetters(memory, command, at)
    case 'read':
      return readLetters(memory, command, at)
    case 'revive':
      return reviveLetter(memory, command, at)
  }
}

/**
 * Corrects stored times after a clock that was far ahead. Later times keep their distance from the command before, so that
 * leases and retries do not wait for the wrong clock; past times are lowered to the time of this command.
 */
function setBack({ letters, keys, agents }: MailMemory, { last, at }: { last: number; at: number }): void {
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
