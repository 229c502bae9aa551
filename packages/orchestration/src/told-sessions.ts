import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HookEvent } from './hook-event.js'

/** A session of a host, by the name that the host gives it. */
type Session = Pick<HookEvent, 'host' | 'session'>

/** Whether a session was given the directive after `since`. */
export function isDirectiveTold(stateFolder: string, { host, session }: Session, since: number): boolean {
  const name = `${host}-${session}`
  try {
    return directiveMark.test(name) && statSync(join(marksFolder(stateFolder), name)).mtimeMs >= since
  } catch {
    // Telling a session twice is better than never.
    return false
  }
}

/** Remembers that a session was given the directive. A session whose name is no safe file name is told each time. @throws the system's error */
export function keepDirectiveTold(stateFolder: string, { host, session }: Session): void {
  const name = `${host}-${session}`
  if (directiveMark.test(name)) keep(stateFolder, name, '')
}

/** Forgets which sessions were given the directive. @throws the system's error */
export function forgetDirectives(stateFolder: string): void {
  forget(stateFolder, directiveMark)
}

/** The id of the newest message that a session was told of; undefined when it was told of none. */
export function toldMail(stateFolder: string, { session }: Session): string | undefined {
  const name = `mail-${session}`
  try {
    return mailMark.test(name) ? readFileSync(join(marksFolder(stateFolder), name), 'utf8') : undefined
  } catch {
    // Telling a session twice is better than never.
    return undefined
  }
}

/** Remembers the newest message that a session was told of. @throws the system's error */
export function keepMailTold(stateFolder: string, { session }: Session, newest: string): void {
  const name = `mail-${session}`
  if (mailMark.test(name)) keep(stateFolder, name, newest)
}

/** Forgets which sessions were told of which mail. @throws the system's error */
export function forgetMailTold(stateFolder: string): void {
  forget(stateFolder, mailMark)
}

/** The keys of the reports that a session was told of. */
export function toldReports(stateFolder: string, { host, session }: Session): readonly string[] {
  const name = `agents-${host}-${session}`
  try {
    return agentsMark.test(name) ? readFileSync(join(marksFolder(stateFolder), name), 'utf8').split('\n') : []
  } catch {
    // Telling a session twice is better than never.
    return []
  }
}

/** Remembers the reports that a session was told of. @throws the system's error */
export function keepReportsTold(
  stateFolder: string,
  { host, session }: Session,
  keys: readonly string[],
): void {
  const name = `agents-${host}-${session}`
  if (agentsMark.test(name)) keep(stateFolder, name, keys.join('\n'))
}

/** Forgets which sessions were told of which reports. @throws the system's error */
export function forgetAgentsTold(stateFolder: string): void {
  forget(stateFolder, agentsMark)
}

/** The folder with one file for each session and kind: empty for the directive, with a message id for mail, with keys for reports. */
function marksFolder(stateFolder: string): string {
  return join(stateFolder, 'told')
}

/** Names of the files for directives, mail and reports. No other file is ever deleted. */
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
