import type { Clock } from '@subagent-mcp/contract'
import type { Command } from '../command.js'
import type { MailHandler } from '../mailbox.js'

/** A handler's registration, to be repeated. */
export type RegisterCommand = Extract<Command, { type: 'register' }>

/**
 * The handlers that registered through this open mailbox. Others may take one for gone that was only cut off, and have it
 * leave; and what registered before the log begins is not in a new copy. Both are mended by registering it again.
 */
export type OwnHandlers = {
  /** A command of ours is on its way. */
  note(command: Command): void
  instances(): string[]
  /** Those to register again, as another's command had them leave. */
  lostBy(command: Command): RegisterCommand[]
  /** Those to register again, as they did so long ago or their last time failed. Each is on its way again then. */
  due(): RegisterCommand[]
  /** One that was to be registered again could not be. */
  missed(command: RegisterCommand): void
}

export function createOwnHandlers(order: {
  clock: Clock
  isAlive: (handler: MailHandler) => boolean
}): OwnHandlers {
  const { clock, isAlive } = order
  const own = new Map<string, { command: RegisterCommand; at: number }>()
  return {
    note: (command) => {
      if (command.type === 'register') own.set(command.handler.instance, { command, at: clock.now() })
      if (command.type === 'leave') for (const instance of command.instances) own.delete(instance)
    },
    instances: () => [...own.keys()],
    lostBy: (command) => {
      if (command.type !== 'leave') return []
      const lost = command.instances.flatMap((instance) => own.get(instance)?.command ?? [])
      return lost.filter(({ handler }) => isAlive(handler))
    },
    due: () => {
      const now = clock.now()
      const old = [...own.values()].filter(({ at }) => now - at > renewMs)
      for (const { command } of old) own.set(command.handler.instance, { command, at: now })
      return old.map(({ command }) => command)
    },
    missed: (command) => {
      if (own.has(command.handler.instance)) own.set(command.handler.instance, { command, at: -Infinity })
    },
  }
}

const renewMs = 12 * 3_600_000
