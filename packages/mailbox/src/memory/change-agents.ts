import type { MailCommand } from '../command.js'
import type { Outcome } from '../outcome.js'
import { nameTaken } from '../refusals.js'
import { isLetterUnfinished, type Letter } from './letters.js'
import { touchMemoryAgent, type MailMemory } from './memory.js'
import { makeDeadLetter, failLetters, lettersHeldBy } from './take-letters.js'

/** Registers an agent and one handler. */
export function registerMemoryAgent(
  { agents, handlers }: MailMemory,
  command: MailCommand<'register'>,
  at: number,
): Outcome {
  const { name, project, provider, capabilities, topics, wakes, handler, keeper } = command
  const owner = agents.get(name)?.project
  const other = [...handlers.values()].find(
    ({ agent, instance }) => agent === name && instance !== handler.instance,
  )
  if (other && owner !== undefined && owner !== project) return nameTaken(name, { ...other, project: owner })
  const known = { project, capabilities, topics, wakes, lastSeenAt: at }
  agents.set(name, { ...known, ...(provider !== undefined && { provider }) })
  const { instance, kind, pid, startTime, host } = handler
  handlers.set(instance, { instance, kind, pid, startTime, host, agent: name, keeper })
  return { type: 'done', changed: [name] }
}

/** Removes the handlers of a command. */
export function removeMemoryHandlers(
  memory: MailMemory,
  { instances, maxTries }: MailCommand<'leave'>,
  at: number,
): Outcome {
  const changed = instances.flatMap((instance) => removeHandler(memory, { instance, maxTries }, at))
  return { type: 'done', changed: [...new Set(changed)] }
}

/** Removes a handler. Its messages count a failed try, because they may be what ended it. */
function removeHandler(
  memory: MailMemory,
  { instance, maxTries }: { instance: string; maxTries: number },
  at: number,
): string[] {
  const letters = lettersHeldBy(memory, instance)
  const told = failLetters(memory, letters, { failure: 'its handler ended', maxTries, dueAt: () => 0 }, at)
  const agent = memory.handlers.get(instance)?.agent
  memory.handlers.delete(instance)
  if (agent !== undefined) touchMemoryAgent(memory, agent, at)
  return [...(agent === undefined ? [] : [agent]), ...letters.map(({ message }) => message.to), ...told]
}

/** Deletes messages that are older than `keepMs`. Unhandled direct messages become dead letters instead. */
export function deleteOldLetters(memory: MailMemory, { keepMs }: MailCommand<'tidy'>, at: number): Outcome {
  const { letters, keys, agents, handlers } = memory
  const before = at - keepMs
  const old = letters.all().filter(({ since }) => since <= before)
  const isHeld = ({ message, until = 0 }: Letter): boolean => message.status === 'held' && until > at
  const changed = old.filter(isLetterUnfinished).flatMap((letter) => {
    const { id, kind, to, tries } = letter.message
    if (isHeld(letter)) return []
    const failure = 'nobody handled it in the time that it is kept'
    if (kind === 'direct') return [to, ...makeDeadLetter(memory, letter, { failure, tries, at })]
    letters.remove(id)
    return letter.wakes ? [to] : []
  })
  for (const letter of old) if (!isLetterUnfinished(letter)) letters.remove(letter.message.id)
  for (const [key, { at: sentAt }] of keys) if (sentAt <= before) keys.delete(key)
  const named = new Set([
    ...letters.all().flatMap(({ message }) => [message.to, message.from.name]),
    ...[...handlers.values()].map(({ agent }) => agent),
  ])
  for (const [name, { lastSeenAt }] of agents)
    if (lastSeenAt <= before && !named.has(name)) agents.delete(name)
  return { type: 'done', changed: [...new Set(changed)] }
}
