import type { Store } from '@subagent-mcp/journal'
import type { Command } from '../command.js'
import type { MailState } from '../mail-state.js'
import type { Outcome } from '../outcome.js'
import { hasTakable, nextTakeFor } from './queues.js'
import { applyAcknowledge, applyRelease, applyRenew } from './finishing.js'
import { migrateMailTables } from './format.js'
import { momentOf, type Moment } from './moment.js'
import { applyPublish } from './publishing.js'
import { applyRead, applyRevive } from './reading.js'
import { applyLeave, applyRegister } from './registering.js'
import { applyReply, applySend } from './sending.js'
import { applyTake } from './taking.js'
import { applyTidy } from './tidying.js'
import { agentsIn, handlersIn, agentNames } from './agents.js'
import { deadLettersIn, inboxOf, messagesInThread, quietEventsFor } from './lists.js'
import { countListItems } from './tallies.js'
import { threadsIn } from './lists.js'
import { untakenMailIn } from './lists.js'

/** Opens the state of a mailbox in a database, and creates its tables. @throws SubagentError `io-failed`, also for a newer format */
export function createSqlState(store: Store): MailState {
  migrateMailTables(store)
  return {
    apply: (command, at) => store.write(() => change(momentOf(store, at), command)),
    peek: (query, at) => {
      if (hasTakable(store, query)) return { actionable: true }
      const again = nextTakeFor(store, query.agent, query.thread)
      if (again === undefined) return { actionable: false }
      return again <= at ? { actionable: true } : { actionable: false, again }
    },
    handlers: (agent) => handlersIn(store, agent),
    names: () => agentNames(store),
    agents: () => agentsIn(store),
    inbox: (agent, page) => inboxOf(store, agent, page),
    quiet: (agent, page) => quietEventsFor(store, agent, page),
    waiting: () => untakenMailIn(store),
    threads: (query) => threadsIn(store, query),
    thread: (id, page) => messagesInThread(store, id, page),
    dead: (query) => deadLettersIn(store, query),
    count: (list) => countListItems(store, list),
  }
}

function change(moment: Moment, command: Command): Outcome {
  switch (command.type) {
    case 'register':
      return applyRegister(moment, command)
    case 'leave':
      return applyLeave(moment, command)
    case 'send':
      return applySend(moment, command)
    case 'reply':
      return applyReply(moment, command)
    case 'publish':
      return applyPublish(moment, command)
    case 'take':
      return applyTake(moment, command)
    case 'renew':
      return applyRenew(moment, command)
    case 'acknowledge':
      return applyAcknowledge(moment, command)
    case 'release':
      return applyRelease(moment, command)
    case 'read':
      return applyRead(moment, command)
    case 'revive':
      return applyRevive(moment, command)
    case 'tidy':
      return applyTidy(moment, command)
  }
}
