import { dashboardOneTimeCodeLifetimeSeconds } from '@subagent-mcp/api'
import { SubagentError, type Clock } from '@subagent-mcp/contract'
import { createHash, randomBytes } from 'node:crypto'

/** The person's shell that opened a page: agents that the page launches or resumes get its folder and environment. */
export type DashboardOpener = { cwd: string; environment: Readonly<Record<string, string>> }

/** An open page. `over` aborts when its token is no longer valid. */
export type DashboardSession = DashboardOpener & { over: AbortSignal }

/** The one-time codes and tokens of pages. They are in memory only, as hashes, and are lost when the daemon ends. */
export type DashboardSessions = {
  /** Returns a code that begins one session, within 60 s. */
  makeCode(owner: DashboardOpener): string
  /**
   * Exchanges a code for a token. A code that comes a second time has been seen by somebody else, so it also ends the session that
   * it began. @throws SubagentError `invalid-parameter` for a code that is unknown, expired or used
   */
  start(code: string): { token: string; session: DashboardSession }
  find(token: string): DashboardSession | undefined
  end(token: string): void
}

type Code = { until: number; owner: DashboardOpener; usedFor?: string }

export function createDashboardSessions({ now }: Pick<Clock, 'now'>): DashboardSessions {
  const codes = new Map<string, Code>()
  const sessions = new Map<string, { session: DashboardSession; ending: AbortController }>()
  const endHashed = (key: string): void => {
    sessions.get(key)?.ending.abort()
    sessions.delete(key)
  }
  const dropExpired = (): void => {
    for (const [key, { until }] of codes) if (until < now()) codes.delete(key)
  }
  return {
    makeCode: (owner) => {
      dropExpired()
      const code = newSecret()
      codes.set(hashOf(code), { until: now() + dashboardOneTimeCodeLifetimeSeconds * 1_000, owner })
      return code
    },
    start: (word) => {
      dropExpired()
      const code = codes.get(hashOf(word))
      if (!code) throw refusedCode('is unknown or older than a minute')
      if (code.usedFor !== undefined) {
        endHashed(code.usedFor)
        throw refusedCode('was used before, so the page that it opened is closed')
      }
      const [token, ending] = [newSecret(), new AbortController()]
      const session = { ...code.owner, over: ending.signal }
      code.usedFor = hashOf(token)
      sessions.set(code.usedFor, { session, ending })
      return { token, session }
    },
    find: (token) => sessions.get(hashOf(token))?.session,
    end: (token) => {
      endHashed(hashOf(token))
    },
  }
}

/** A random text of 256 bits. */
function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** Secrets are looked up by their hashes, so that the time of a look-up reveals nothing about a secret. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

function refusedCode(why: string): SubagentError {
  return new SubagentError('invalid-parameter', `the code ${why}`, {
    hint: 'open the page with: subagent-mcp ui',
  })
}
