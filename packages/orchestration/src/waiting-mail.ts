import { isJsonObject, readHookFile, writeHookFile } from './hook-file.js'
import { mailNotices } from './session-notices.js'

/** Mail that waits for a host in a project. It has the senders of the messages and none of their text. */
export type WaitingMail = {
  /** The name in the mailbox under which the messages wait. */
  name: string
  project: string
  /** The number of messages. */
  waiting: number
  /** The id of the newest message. */
  newest: string
  /** The newest senders, at most three. */
  from: readonly string[]
}

/** The mailbox project of a folder, and the names that its host may have there, the preferred one first. */
export type MailAddress = { project: string; names: readonly string[] }

/** Writes which mail waits, for hooks. @throws the system's error */
export function writeWaitingMailForHooks(stateFolder: string, mail: readonly WaitingMail[]): void {
  writeHookFile(stateFolder, mailFile, mail.length > 0 ? { mail } : undefined)
  if (mail.length === 0) mailNotices.forget(stateFolder)
}

/** Reads which mail waits; empty for a missing or unreadable file. Never throws. */
export function readWaitingMailForHooks(stateFolder: string): readonly WaitingMail[] {
  const mail = readHookFile(stateFolder, mailFile)?.['mail']
  return Array.isArray(mail) ? mail.map(parseEntry).filter((entry) => entry !== undefined) : []
}

export function findWaitingMail(
  { project, names }: MailAddress,
  mail: readonly WaitingMail[],
): WaitingMail | undefined {
  const own = names.map((name) => mail.find((entry) => entry.name === name))
  return own.find((entry) => entry?.project === project)
}

const mailFile = 'mail.json'

/** Parses an entry of the file of waiting mail. Drops senders whose names no agent can have, because a model reads them. */
function parseEntry(value: unknown): WaitingMail | undefined {
  if (!isJsonObject(value)) return undefined
  const { name, project, waiting, newest, from } = value
  if (!isName(name) || typeof project !== 'string' || typeof newest !== 'string' || !Array.isArray(from))
    return undefined
  if (typeof waiting !== 'number' || !Number.isSafeInteger(waiting) || waiting < 1) return undefined
  return { name, project, waiting, newest, from: from.filter(isName).slice(0, 3) }
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z0-9][a-z0-9._-]{0,63}$/.test(value)
}
