import type { Agent, Message } from './agent.js'

/** The agent with one more message that waits for a turn of its own. */
export function enqueue(agent: Agent, message: Message): Agent {
  return { ...agent, inbox: [...agent.inbox, message] }
}
