import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HookEvent } from './hook-event.js'

type Session = Pick<HookEvent, 'host' | 'session'>

/** The newest notice that a session got: its text, and its time in Unix milliseconds. */
type Notice = { text: string; at: number }

/** Stores which notices of one kind each session got, so that a session gets each of them once. */
type Notices = {
  /** The session's newest notice; `undefined` for none, or an unreadable one, because telling twice is better than never. */
  newest(stateFolder: string, session: Session): Notice | undefined
  /** Stores the notice that a session got. For a session whose name is unsafe as a file name nothing is stored, so it gets each notice again. @throws the system's error */
  store(stateFolder: string, session: Session, text: string): void
  /** Forgets the notices of all sessions. @throws the system's error */
  forget(stateFolder: string): void
}

/** Sessions that were given the directive of orchestration mode; the text is empty. */
export const directiveNotices = noticesIn(/^(?:claude|codex|gemini)-[\w-]{1,100}$/, nameOf)

/** Sessions that had a notice of mail; the text is the id of the newest message. */
export const mailNotices = noticesIn(/^mail-[\w-]{1,100}$/, ({ session }) => `mail-${session}`)

/** Sessions that had a notice of reports; the text is a line for the key of each. */
export const reportNotices = noticesIn(
  /^agents-(?:claude|codex|gemini)-[\w-]{1,100}$/,
  (session) => `agents-${nameOf(session)}`,
)

export function readNoticedReportKeys(stateFolder: string, session: Session): readonly string[] {
  const text = reportNotices.newest(stateFolder, session)?.text ?? ''
  return text === '' ? [] : text.split('\n')
}

/** Stores the keys of all reports that a session had notice of. @throws the system's error */
export function storeReportNotice(stateFolder: string, session: Session, keys: readonly string[]): void {
  reportNotices.store(stateFolder, session, keys.join('\n'))
}

function nameOf({ host, session }: Session): string {
  return `${host}-${session}`
}

/** Keeps the notices of one kind in a file for each session. Files whose names do not match are never deleted. */
function noticesIn(names: RegExp, fileName: (session: Session) => string): Notices {
  const folderIn = (stateFolder: string): string => join(stateFolder, 'told')
  return {
    newest: (stateFolder, session) => {
      const name = fileName(session)
      if (!names.test(name)) return undefined
      const path = join(folderIn(stateFolder), name)
      try {
        return { text: readFileSync(path, 'utf8'), at: statSync(path).mtimeMs }
      } catch {
        return undefined
      }
    },
    store: (stateFolder, session, text) => {
      const [folder, name] = [folderIn(stateFolder), fileName(session)]
      if (!names.test(name)) return
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      writeFileSync(join(folder, name), text, { mode: 0o600 })
    },
    forget: (stateFolder) => {
      const folder = folderIn(stateFolder)
      if (!existsSync(folder)) return
      for (const name of readdirSync(folder))
        if (names.test(name)) rmSync(join(folder, name), { force: true })
    },
  }
}
