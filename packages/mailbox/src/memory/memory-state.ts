import type { MailboxCommand } from '../mailbox-command.js'
import { maxClockDriftMs, type MailState } from '../mail-state.js'
import type { MailOutcome } from '../mail-outcome.js'
import { createMailEntries } from './mail-entries.js'
import type { MemoryMail } from './memory-mail.js'
import { deleteOldMailEntries, registerMailAgent, removeMailHandlers } from './change-agents.js'
import { sendMailEvent, sendMailEntry, sendMailReply } from './send-mail-entries.js'
import {
  acknowledgeMailEntries,
  markMailEntriesRead,
  releaseMailEntries,
  renewMailLease,
  reviveDeadLetter,
  takeMailEntries,
} from './take-mail-entries.js'
import { createMemoryMailLists } from './memory-lists.js'

/** Creates the state of a mailbox in memory. It answers each command as the state in SQLite does. */
export function createMemoryMailState(): MailState {
  const memory: MemoryMail = {
    letters: createMailEntries(),
    agents: new Map(),
    handlers: new Map(),
    keys: new Map(),
  }
  let last = 0
  return {
    ...createMemoryMailLists(memory),
    apply: (command, at) => {
      const isDrift = last > at && last - at <= maxClockDriftMs
      if (last > at && !isDrift) setBack(memory, { last, at })
      if (!isDrift) last = at
      return change(memory, command, last)
    },
  }
}

function change(memory: MemoryMail, command: MailboxCommand, at: number): MailOutcome {
  switch (command.type) {
    case 'register':
      return registerMailAgent(memory, command, at)
    case 'leave':
      return removeMailHandlers(memory, command, at)
    case 'tidy':
      return deleteOldMailEntries(memory, command, at)
    case 'send':
      return sendMailEntry(memory, command, at)
    case 'reply':
      return sendMailReply(memory, command, at)
    case 'publish':
      return sendMailEvent(memory, command, at)
    case 'take':
      return takeMailEntries(memory, command, at)
    case 'renew':
      return renewMailLease(memory, command, at)
    case 'acknowledge':
      return acknowledgeMailEntries(memory, command, at)
    case 'release':
      return releaseMailEntries(memory, command, at)
    case 'read':
      return markMailEntriesRead(memory, command, at)
    case 'revive':
      return reviveDeadLetter(memory, command, at)
  }
}

/**
 * Corrects stored times after a clock that was far ahead. Later times keep their distance from the command before, so that
 * leases and retries do not wait for the wrong clock; past times are lowered to the time of this command.
 */
function setBack({ letters, keys, agents }: MemoryMail, { last, at }: { last: number; at: number }): void {
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
