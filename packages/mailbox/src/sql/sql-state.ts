import type { Store } from '@subagent-mcp/journal'
import type { Command } from '../command.js'
import type { MailState } from '../mail-state.js'
import type { Outcome } from '../outcome.js'
import { canTake, nextChance } from './chances.js'
import { acknowledge, release, renew } from './finishing.js'
import { formMail } from './format.js'
import { momentOf, type Moment } from './moment.js'
import { publish } from './publishing.js'
import { read, revive } from './reading.js'
import { leave, register } from './registering.js'
import { reply, send } from './sending.js'
import { take } from './taking.js'
import { tidy } from './tidying.js'
import { agentsIn, handlersIn, namesIn } from './agents.js'
import { deadIn, inboxOf, quietFor, threadIn } from './lists.js'
import { countIn } from './tallies.js'
import { threadsIn } from './threads.js'
import { waitingIn } from './waiting.js'

/** Makes the tables where there are none. @throws SubagentError `io-failed`, also for tables of a newer version */
export function createMailState(store: Store): MailState {
  formMail(store)
  return {
    apply: (command, at) => store.write(() => change(momentOf(store, at), command)),
    peek: (query, at) => {
      if (canTake(store, query)) return { actionable: true }
      const again = nextChance(store, query.agent, query.thread)
      if (again === undefined) return { actionable: false }
      return again <= at ? { actionable: true } : { actionable: false, again }
    },
    handlers: (agent) => handlersIn(store, agent),
    names: () => namesIn(store),
    agents: () => agentsIn(store),
    inbox: (agent, page) => inboxOf(store, agent, page),
    quiet: (agent, page) => quietFor(store, agent, page),
    waiting: () => waitingIn(store),
    threads: (query) => threadsIn(store, query),
    thread: (id, page) => threadIn(store, id, page),
    dead: (query) => deadIn(store, query),
    count: (list) => countIn(store, list),
  }
}

function change(moment: Moment, command: Command): Outcome {
  switch (command.type) {
    case 'register':
      return register(moment, command)
    case 'leave':
      return leave(moment, command)
    case 'send':
      return send(moment, command)
    case 'reply':
      return reply(moment, command)
    case 'publish':
      return publish(moment, command)
    case 'take':
      return take(moment, command)
    case 'renew':
      return renew(moment, command)
    case 'acknowledge':
      return acknowledge(moment, command)
    case 'release':
      return release(moment, command)
    case 'read':
      return read(moment, command)
    case 'revive':
      return revive(moment, command)
    case 'tidy':
      return tidy(moment, command)
  }
}
