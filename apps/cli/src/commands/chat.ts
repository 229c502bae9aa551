import { defineCommand } from 'citty'

/** What there is to do with the messages of agents. */
export const chat = defineCommand({
  meta: { name: 'chat', description: 'Write to agents that are always there, and read what they write' },
  subCommands: {
    send: () => import('./chat/send.js').then(({ chatSend }) => chatSend),
    inbox: () => import('./chat/inbox.js').then(({ chatInbox }) => chatInbox),
    wait: () => import('./chat/wait.js').then(({ chatWait }) => chatWait),
    threads: () => import('./chat/threads.js').then(({ chatThreads }) => chatThreads),
    thread: () => import('./chat/thread.js').then(({ chatThread }) => chatThread),
    dead: () => import('./chat/dead.js').then(({ chatDead }) => chatDead),
    agents: () => import('./chat/agents.js').then(({ chatAgents }) => chatAgents),
  },
})
