import type { MailCommand } from '../mailbox-command.js'
import type { MailOutcome } from '../mail-outcome.js'
import { createNameTakenRefusal } from '../refusals.js'
import { isMailEntryOpen, type MailEntry } from './mail-entries.js'
import { recordMailAgentActivity, type MemoryMail } from './memory-mail.js'
import { makeDeadLetter, countFailedTry, listMailEntriesHeldBy } from './take-mail-entries.js'

export function registerMailAgent(
  { agents, handlers }: MemoryMail,
  command: MailCommand<'register'>,
  at: number,
): MailOutcome {
  const { name, project, provider, capabilities, topics, wakes, handler, keeper } = command
  const owner = agents.get(name)?.project
  const other = [...handlers.values()].find(
    ({ agent, instance }) => agent === name && instance !== handler.instance,
  )
  if (other && owner !== undefined && owner !== project)
    return createNameTakenRefusal(name, { ...other, project: owner })
  const known = { project, capabilities, topics, wakes, lastSeenAt: at }
  agents.set(name, { ...known, ...(provider !== undefined && { provider }) })
  const { instance, kind, pid, startTime, host } = handler
  handlers.set(instance, { instance, kind, pid, startTime, host, agent: name, keeper })
  return { type: 'done', changed: [name] }
}

export function removeMailHandlers(
  memory: MemoryMail,
  { instances, maxTries }: MailCommand<'leave'>,
  at: number,
): MailOutcome {
  const changed = instances.flatMap((instance) => removeHandler(memory, { instance, maxTries }, at))
  return { type: 'done', changed: [...new Set(changed)] }
}

/** Removes a handler. Its messages count a failed try, because they may be what ended it. */
function removeHandler(
  memory: MemoryMail,
  { instance, maxTries }: { instance: string; maxTries: number },
  at: number,
): string[] {
  const letters = listMailEntriesHeldBy(memory, instance)
  const told = countFailedTry(memory, letters, { failure: 'its handler ended', maxTries, dueAt: () => 0 }, at)
  const agent = memory.handlers.get(instance)?.agent
  memory.handlers.delete(instance)
  if (agent !== undefined) recordMailAgentActivity(memory, agent, at)
  return [...(agent === undefined ? [] : [agent]), ...letters.map(({ message }) => message.to), ...told]
}

/** Deletes messages that are older than `keepMs`. Unhandled direct messages become dead letters instead. */
export function deleteOldMailEntries(
  memory: MemoryMail,
  { keepMs }: MailCommand<'tidy'>,
  at: number,
): MailOutcome {
  const { letters, keys, agents, handlers } = memory
  const before = at - keepMs
  const old = letters.all().filter(({ since }) => since <= before)
  const isHeld = ({ message, until = 0 }: MailEntry): boolean => message.status === 'held' && until > at
  const changed = old.filter(isMailEntryOpen).flatMap((letter) => {
    const { id, kind, to, tries } = letter.message
    if (isHeld(letter)) return []
    const failure = 'nobody handled it in the time that it is kept'
    if (kind === 'direct') return [to, ...makeDeadLetter(memory, letter, { failure, tries, at })]
    letters.remove(id)
    return letter.wakes ? [to] : []
  })
  for (const letter of old) if (!isMailEntryOpen(letter)) letters.remove(letter.message.id)
  for (const [key, { at: sentAt }] of keys) if (sentAt <= before) keys.delete(key)
  const named = new Set([
    ...letters.all().flatMap(({ message }) => [message.to, message.from.name]),
    ...[...handlers.values()].map(({ agent }) => agent),
  ])
  for (const [name, { lastSeenAt }] of agents)
    if (lastSeenAt <= before && !named.has(name)) agents.delete(name)
  return { type: 'done', changed: [...new Set(changed)] }
}
