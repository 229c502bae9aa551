import { daemonApi } from '@subagent-mcp/api'
import type { z } from 'zod'
import { createPageRequest } from './request-api.js'

/** The session of this page: its token, and the folder of the shell that opened it. It ends with the tab. */
export type PageSession = z.infer<typeof Session>
const Session = daemonApi.startPageSession.answer

const storageKey = 'subagent-mcp-session'

/**
 * Returns the session of this tab. A code in the address is exchanged for a new one; it is removed from the address and the history
 * first. `undefined` without a code and a session. Rejects if the code is refused.
 */
export async function openPageSession(): Promise<PageSession | undefined> {
  const [, code] = /^#code=([\w-]+)$/.exec(location.hash) ?? []
  if (code === undefined) return storedSession()
  history.replaceState(null, '', location.pathname)
  const session = await createPageRequest(undefined)(daemonApi.startPageSession, { body: { code } })
  sessionStorage.setItem(storageKey, JSON.stringify(session))
  return session
}

/** Removes the session from this tab. */
export function removePageSession(): void {
  sessionStorage.removeItem(storageKey)
}

function storedSession(): PageSession | undefined {
  try {
    return Session.parse(JSON.parse(sessionStorage.getItem(storageKey) ?? ''))
  } catch {
    // The tab has no stored session, or an older page wrote it in another form.
    return undefined
  }
}
