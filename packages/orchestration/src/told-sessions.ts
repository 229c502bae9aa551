import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HookEvent } from './hook-event.js'

/** A session of a host, named by its host. */
type Session = Pick<HookEvent, 'host' | 'session'>

/** Whether a session was given the directive after `since`. */
export function wasDirectiveGiven(stateFolder: string, { host, session }: Session, since: number): boolean {
  const name = `${host}-${session}`
  try {
    return directiveMark.test(name) && statSync(join(marksFolder(stateFolder), name)).mtimeMs >= since
  } catch {
    // Telling a session twice is better than never.
    return false
  }
}

/** Stores that a session was given the directive. One with a name unsafe for a file is not stored, so it gets it each time. @throws the system's error */
export function storeDirectiveGiven(stateFolder: string, { host, session }: Session): void {
  const name = `${host}-${session}`
  if (directiveMark.test(name)) keep(stateFolder, name, '')
}

/** Forgets which sessions were given the directive of orchestration mode. @throws the system's error */
export function forgetDirectives(stateFolder: string): void {
  forget(stateFolder, directiveMark)
}

/** Returns the id of the newest message in the session's last mail notice; `undefined` when it had none. */
export function lastMailNotice(stateFolder: string, { session }: Session): string | undefined {
  const name = `mail-${session}`
  try {
    return mailMark.test(name) ? readFileSync(join(marksFolder(stateFolder), name), 'utf8') : undefined
  } catch {
    // Telling a session twice is better than never.
    return undefined
  }
}

/** Stores the newest message in a session's mail notice. @throws the system's error */
export function storeMailNotice(stateFolder: string, { session }: Session, newest: string): void {
  const name = `mail-${session}`
  if (mailMark.test(name)) keep(stateFolder, name, newest)
}

/** Forgets which sessions had which mail notices. @throws the system's error */
export function forgetMailNotices(stateFolder: string): void {
  forget(stateFolder, mailMark)
}

/** The keys of the reports that a session had notice of. */
export function noticedReports(stateFolder: string, { host, session }: Session): readonly string[] {
  const name = `agents-${host}-${session}`
  try {
    return agentsMark.test(name) ? readFileSync(join(marksFolder(stateFolder), name), 'utf8').split('\n') : []
  } catch {
    // Telling a session twice is better than never.
    return []
  }
}

/** Stores the reports that a session had notice of; without any the file is removed. @throws the system's error */
export function storeReportNotice(
  stateFolder: string,
  { host, session }: Session,
  keys: readonly string[],
): void {
  const name = `agents-${host}-${session}`
  if (!agentsMark.test(name)) return
  if (keys.length > 0) keep(stateFolder, name, keys.join('\n'))
  else rmSync(join(marksFolder(stateFolder), name), { force: true })
}

/** Forgets which sessions had notice of which reports. @throws the system's error */
export function forgetReportNotices(stateFolder: string): void {
  forget(stateFolder, agentsMark)
}

/** The folder with one file per session and kind: empty for the directive, with a message id for mail, with keys for reports. */
function marksFolder(stateFolder: string): string {
  return join(stateFolder, 'told')
}

/** The names of the files for directives, mail and reports. Files with other names are never deleted. */
const directiveMark = /^(?:claude|codex|gemini)-[\w-]{1,100}$/
const mailMark = /^mail-[\w-]{1,100}$/
const agentsMark = /^agents-(?:claude|codex|gemini)-[\w-]{1,100}$/

function keep(stateFolder: string, name: string, text: string): void {
  const folder = marksFolder(stateFolder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, name), text, { mode: 0o600 })
}

function forget(stateFolder: string, marks: RegExp): void {
  const folder = marksFolder(stateFolder)
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) if (marks.test(name)) rmSync(join(folder, name), { force: true })
}
