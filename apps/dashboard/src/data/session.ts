import { api } from '@subagent-mcp/api'
import type { z } from 'zod'
import { requestApi } from './request-api.js'

/** The session of this page: its token, and the folder of the shell that opened it. It ends with the tab. */
export type Session = z.infer<typeof Session>
const Session = api.startPageSession.answer

const storageKey = 'subagent-mcp-session'

/**
 * Returns the session of this tab. A code in the address is exchanged for a new one; it is removed from the address and the history
 * first. `undefined` without a code and a session. Rejects if the code is refused.
 */
export async function openSession(): Promise<Session | undefined> {
  const [, code] = /^#code=([\w-]+)$/.exec(location.hash) ?? []
  if (code === undefined) return storedSession()
  history.replaceState(null, '', location.pathname)
  const session = await requestApi(undefined, api.startPageSession, { body: { code } })
  sessionStorage.setItem(storageKey, JSON.stringify(session))
  return session
}

/** Removes the session from this tab. */
export function forgetSession(): void {
  sessionStorage.removeItem(storageKey)
}

function storedSession(): Session | undefined {
  try {
    return Session.parse(JSON.parse(sessionStorage.getItem(storageKey) ?? ''))
  } catch {
    // There is none, or an older page wrote it in another form.
    return undefined
  }
}
