import type { SqliteStore } from '@subagent-mcp/journal'
import type { Command, MailState, MailOutcome } from '@subagent-mcp/mailbox/backing'
import { hasTakableMail, selectNextMailTakeTime } from './queues.js'
import {
  applyMailAcknowledge,
  applyMailRead,
  applyMailRelease,
  applyMailRenew,
  applyMailRevive,
} from './finishing.js'
import { migrateMailTables } from './format.js'
import { createMailTransaction, type MailTransaction } from './moment.js'
import { applyMailPublish } from './publishing.js'
import { applyMailLeave, applyMailRegister } from './registering.js'
import { applyMailReply, applyMailSend } from './sending.js'
import { applyMailTake } from './taking.js'
import { applyMailTidy } from './tidying.js'
import { selectMailAgents, selectMailHandlers, selectMailAgentNames } from './agents.js'
import {
  countUntakenMail,
  selectDeadLetters,
  selectInbox,
  selectQuietEvents,
  selectSentMessages,
  selectThreadMessages,
  selectThreads,
} from './lists.js'
import { countMailListItems } from './tallies.js'

/** The state of a mailbox in a database. */
export type SqlMailState = MailState & {
  /** Applies commands that have the same time, in their order and in one transaction. */
  applyAll(commands: readonly Command[], at: number): readonly MailOutcome[]
}

/** Opens the state of a mailbox in a database, and creates its tables. @throws SubagentError `io-failed`, also for a newer format */
export function createSqlState(store: SqliteStore): SqlMailState {
  migrateMailTables(store)
  const applyAll: SqlMailState['applyAll'] = (commands, at) =>
    store.write(() => {
      const moment = createMailTransaction(store, at)
      return commands.map((command) => change(moment, command))
    })
  return {
    applyAll,
    apply: (command, at) => store.write(() => change(createMailTransaction(store, at), command)),
    peek: (query, at) => {
      if (hasTakableMail(store, query)) return { actionable: true }
      const again = selectNextMailTakeTime(store, query.agent, query.thread)
      if (again === undefined) return { actionable: false }
      return again <= at ? { actionable: true } : { actionable: false, again }
    },
    handlers: (agent) => selectMailHandlers(store, agent),
    names: () => selectMailAgentNames(store),
    agents: () => selectMailAgents(store),
    inbox: (agent, page) => selectInbox(store, agent, page),
    quiet: (agent, page) => selectQuietEvents(store, agent, page),
    waiting: () => countUntakenMail(store),
    threads: (query) => selectThreads(store, query),
    thread: (id, page) => selectThreadMessages(store, id, page),
    dead: (query) => selectDeadLetters(store, query),
    sent: (page) => selectSentMessages(store, page),
    count: (list) => countMailListItems(store, list),
  }
}

function change(moment: MailTransaction, command: Command): MailOutcome {
  switch (command.type) {
    case 'register':
      return applyMailRegister(moment, command)
    case 'leave':
      return applyMailLeave(moment, command)
    case 'send':
      return applyMailSend(moment, command)
    case 'reply':
      return applyMailReply(moment, command)
    case 'publish':
      return applyMailPublish(moment, command)
    case 'take':
      return applyMailTake(moment, command)
    case 'renew':
      return applyMailRenew(moment, command)
    case 'acknowledge':
      return applyMailAcknowledge(moment, command)
    case 'release':
      return applyMailRelease(moment, command)
    case 'read':
      return applyMailRead(moment, command)
    case 'revive':
      return applyMailRevive(moment, command)
    case 'tidy':
      return applyMailTidy(moment, command)
  }
}
