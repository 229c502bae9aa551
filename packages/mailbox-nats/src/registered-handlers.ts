import { SubagentError } from '@subagent-mcp/contract'
import type { MailHandler } from '@subagent-mcp/mailbox'
import type { MailboxCommand, MailCommand } from '@subagent-mcp/mailbox/backing'
import { readAgentRecord } from './agent-records.js'
import type { MailServers } from './mail-servers.js'

/**
 * The handlers that registered through this open mailbox. Other machines may take this one for gone when it was only cut off,
 * and remove them; then they are registered again.
 */
export type RegisteredHandlers = {
  note(command: MailboxCommand): void
  instances(): string[]
  /** The agents of an instance. */
  agents(instance: string): string[]
  /** Registers those again that others have removed although they are alive. Never rejects. */
  restore(agents?: readonly string[]): Promise<void>
}

type Parts = {
  servers: MailServers
  isAlive(handler: MailHandler): boolean
  register(command: MailCommand<'register'>): Promise<unknown>
}

/** Creates an empty set of own handlers. */
export function createRegisteredHandlers({ servers, isAlive, register }: Parts): RegisteredHandlers {
  const own = new Map<string, MailCommand<'register'>>()
  const restoreAgent = async (name: string): Promise<void> => {
    const known = (await readAgentRecord(servers, name))?.agent.handlers ?? []
    const lost = [...own.values()].filter(
      (command) =>
        command.name === name &&
        isAlive(command.handler) &&
        !known.some(({ instance }) => instance === command.handler.instance),
    )
    for (const command of lost) if (own.get(command.handler.instance) === command) await register(command)
  }
  return {
    note: (command) => {
      if (command.type === 'register') own.set(command.handler.instance, command)
      if (command.type === 'leave') for (const instance of command.instances) own.delete(instance)
    },
    instances: () => [...own.keys()],
    agents: (instance) => [own.get(instance)?.name].filter((name) => name !== undefined),
    restore: async (agents) => {
      const names = new Set([...own.values()].map(({ name }) => name))
      try {
        for (const name of names) if (agents === undefined || agents.includes(name)) await restoreAgent(name)
      } catch (cause) {
        // The next beat tries again.
        if (!(cause instanceof SubagentError)) throw cause
        servers.log(`the mailbox could not register a handler again: ${cause.message}`)
      }
    },
  }
}
