import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HookEvent } from './hook-event.js'

/** Where a file stands for each session that was given the directive, an empty one, and for each that was told of mail. */
export function toldFolder(home: string): string {
  return join(home, 'told')
}

/** What is to be there of that kind, and nothing else: so it may be deleted. */
export const toldName = /^(?:claude|codex|gemini)-[\w-]{1,100}$/

/** The same of the files for mail, each with the id of the newest message that was told of. */
export const mailToldName = /^mail-[\w-]{1,100}$/

/** Whether the session has been given the directive since the mode was turned on. */
export function isTold(home: string, { host, session }: Session, since: number): boolean {
  const name = `${host}-${session}`
  try {
    return toldName.test(name) && statSync(join(toldFolder(home), name)).mtimeMs >= since
  } catch {
    // Better twice than never.
    return false
  }
}

/** Remembers it, as of now. A session with a name that could lead elsewhere is told each time. @throws what the system says */
export function keepTold(home: string, { host, session }: Session): void {
  const name = `${host}-${session}`
  if (toldName.test(name)) keep(home, name, '')
}

/** The id of the newest message that the session was told of; undefined where it was told of none. */
export function mailTold(home: string, { session }: Session): string | undefined {
  const name = `mail-${session}`
  try {
    return mailToldName.test(name) ? readFileSync(join(toldFolder(home), name), 'utf8') : undefined
  } catch {
    // Better twice than never.
    return undefined
  }
}

/** Remembers it. @throws what the system says */
export function keepMailTold(home: string, { session }: Session, newest: string): void {
  const name = `mail-${session}`
  if (mailToldName.test(name)) keep(home, name, newest)
}

function keep(home: string, name: string, text: string): void {
  mkdirSync(toldFolder(home), { recursive: true, mode: 0o700 })
  writeFileSync(join(toldFolder(home), name), text, { mode: 0o600 })
}

type Session = Pick<HookEvent, 'host' | 'session'>
