import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mailProject } from '@subagent-mcp/mailbox/names'
import { namesFor } from '@subagent-mcp/mailbox/names'

// The hook reads this too, before each prompt and tool call: nothing but node is imported here, nor behind it.

/** What waits for whoever works in a project, and no worker takes: of the messages nothing but who sent them. */
export type WaitingMail = {
  /** Under which they wait. */
  name: string
  /** As `mailProject` says. */
  project: string
  waiting: number
  /** The id of the newest message. */
  newest: string
  /** The newest senders, at most three. */
  from: readonly string[]
}

/** Where it is kept. The file is there exactly while something waits: hooks test that in the shell. */
export function mailPath(home: string): string {
  return join(home, 'mail.json')
}

/** The file's text. */
export function formatMail(mail: readonly WaitingMail[]): string {
  return `${JSON.stringify({ version: 1, mail }, undefined, 2)}\n`
}

/** What waits; nothing without the file, or with one that cannot be read. Never throws. */
export function readMail(home: string): readonly WaitingMail[] {
  try {
    return parseMail(readFileSync(mailPath(home), 'utf8'))
  } catch {
    // A host must not fail for it; the mail waits all the same.
    return []
  }
}

/** What of it waits for a host, by its project's root. */
export function mailOf(root: string, mail: readonly WaitingMail[]): WaitingMail | undefined {
  const project = mailProject(root)
  const own = namesFor(root).map((name) => mail.find((entry) => entry.name === name))
  return own.find((entry) => entry?.project === project)
}

function parseMail(text: string): readonly WaitingMail[] {
  const file: unknown = JSON.parse(text)
  if (!isObject(file) || file['version'] !== 1 || !Array.isArray(file['mail'])) return []
  return file['mail'].map(parseEntry).filter((entry) => entry !== undefined)
}

/** Names are read by a model: what is none of an agent's is no name. */
function parseEntry(value: unknown): WaitingMail | undefined {
  if (!isObject(value)) return undefined
  const { name, project, waiting, newest, from } = value
  if (!isName(name) || typeof project !== 'string' || typeof newest !== 'string' || !Array.isArray(from))
    return undefined
  if (typeof waiting !== 'number' || !Number.isSafeInteger(waiting) || waiting < 1) return undefined
  return { name, project, waiting, newest, from: from.filter(isName).slice(0, 3) }
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z0-9][a-z0-9._-]{0,63}$/.test(value)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
