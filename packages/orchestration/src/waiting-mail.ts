import { makeFolder } from '@subagent-mcp/driver-kit'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isJsonObject } from './is-object.js'
import { replaceStateFile } from './replace-text.js'
import { mailNotices } from './told-sessions.js'

// The hook reads this file before each prompt and tool call.

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

/** Writes the file of waiting mail for the hook. Without mail removes it, because hook lines test in the shell for it. @throws the system's error */
export function writeWaitingMail(stateFolder: string, mail: readonly WaitingMail[]): void {
  const path = mailPath(stateFolder)
  if (mail.length > 0) {
    makeFolder(stateFolder)
    replaceStateFile(path, `${JSON.stringify({ version: 1, mail }, undefined, 2)}\n`)
  } else {
    rmSync(path, { force: true })
    mailNotices.forget(stateFolder)
  }
}

/** Reads the file of waiting mail; empty for a missing or unreadable file. Never throws. */
export function readWaitingMail(stateFolder: string): readonly WaitingMail[] {
  try {
    return parseMail(readFileSync(mailPath(stateFolder), 'utf8'))
  } catch {
    // A host must not fail because of this file; the messages wait in the mailbox all the same.
    return []
  }
}

export function findWaitingMail(
  { project, names }: MailAddress,
  mail: readonly WaitingMail[],
): WaitingMail | undefined {
  const own = names.map((name) => mail.find((entry) => entry.name === name))
  return own.find((entry) => entry?.project === project)
}

function mailPath(stateFolder: string): string {
  return join(stateFolder, 'mail.json')
}

function parseMail(text: string): readonly WaitingMail[] {
  const file: unknown = JSON.parse(text)
  if (!isJsonObject(file) || file['version'] !== 1 || !Array.isArray(file['mail'])) return []
  return file['mail'].map(parseEntry).filter((entry) => entry !== undefined)
}

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
