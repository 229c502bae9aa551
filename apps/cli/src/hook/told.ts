import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HookEvent } from './hook-event.js'

/** Where an empty file stands for each session that was given the directive. */
export function toldFolder(home: string): string {
  return join(home, 'told')
}

/** What is to be there of that kind, and nothing else: so it may be deleted. */
export const toldName = /^(?:claude|codex|gemini)-[\w-]{1,100}$/

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
  if (!toldName.test(name)) return
  mkdirSync(toldFolder(home), { recursive: true, mode: 0o700 })
  writeFileSync(join(toldFolder(home), name), '', { mode: 0o600 })
}

type Session = Pick<HookEvent, 'host' | 'session'>
