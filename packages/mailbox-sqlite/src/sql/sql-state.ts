import type { SqliteStore } from '@subagent-mcp/journal'
import type { MailboxCommand, MailState, MailOutcome } from '@subagent-mcp/mailbox/backing'
import { hasTakableMail, selectNextMailTakeTime } from './queues.js'
import {
  applyAcknowledgeMailCommand,
  applyReadMailCommand,
  applyReleaseMailCommand,
  applyRenewMailCommand,
  applyReviveMailCommand,
} from './finishing.js'
import { migrateMailTables } from './migrate-mail-tables.js'
import { createMailTransaction, type MailTransaction } from './mail-transaction.js'
import { applyPublishMailCommand } from './publishing.js'
import { applyLeaveMailCommand, applyRegisterMailCommand } from './registering.js'
import { applyReplyMailCommand, applySendMailCommand } from './sending.js'
import { applyTakeMailCommand } from './taking.js'
import { applyTidyMailCommand } from './tidying.js'
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
import { countMailListItems } from './mail-tallies.js'

/** The state of a mailbox in a database. */
export type SqlMailState = MailState & {
  /** Applies commands that have the same time, in their order and in one transaction. */
  applyAll(commands: readonly MailboxCommand[], at: number): readonly MailOutcome[]
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

function change(moment: MailTransaction, command: MailboxCommand): MailOutcome {
  switch (command.type) {
    case 'register':
      return applyRegisterMailCommand(moment, command)
    case 'leave':
      return applyLeaveMailCommand(moment, command)
    case 'send':
      return applySendMailCommand(moment, command)
    case 'reply':
      return applyReplyMailCommand(moment, command)
    case 'publish':
      return applyPublishMailCommand(moment, command)
    case 'take':
      return applyTakeMailCommand(moment, command)
    case 'renew':
      return applyRenewMailCommand(moment, command)
    case 'acknowledge':
      return applyAcknowledgeMailCommand(moment, command)
    case 'release':
      return applyReleaseMailCommand(moment, command)
    case 'read':
      return applyReadMailCommand(moment, command)
    case 'revive':
      return applyReviveMailCommand(moment, command)
    case 'tidy':
      return applyTidyMailCommand(moment, command)
  }
}
