import { SubagentError, systemClock } from '@subagent-mcp/contract'
import { createFolderWithParents, isSameProcessRunning, getPidScope } from '@subagent-mcp/driver-kit'
import type { SqliteStore } from '@subagent-mcp/journal'
import type { MailHandler, Mailbox, MailboxLimits } from '@subagent-mcp/mailbox'
import { openSqliteMailbox } from '@subagent-mcp/mailbox-sqlite'
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { UserSettings } from '../settings/user-settings.js'
import type { MailboxSettings } from '../settings/mailbox-settings.js'
import { createLazyMailbox, type LazyMailbox } from './lazy-mailbox.js'

type MailboxParts = {
  files: Pick<UserSettings, 'config' | 'check'>
  /** The folder of the program's state, and the open file of its journal. */
  home: string
  store: SqliteStore
  log: (line: string) => void
}

/**
 * Opens the mailbox that the user's configuration names: the file of the journal, or NATS servers. While the configuration
 * cannot be read, all calls of the mailbox reject, because messages could go to the wrong place.
 */
export function openConfiguredMailbox(parts: MailboxParts): LazyMailbox {
  const { files, home, store, log } = parts
  const { url, ...settings } = files.config.mailbox
  const rules = rulesOf(settings)
  if (url === undefined) {
    const open = (): Mailbox => openSqliteMailbox({ store, rules, clock: systemClock, isAlive })
    return createLazyMailbox({ open: checked(parts, open), kept: { kind: 'sqlite', where: store.path } })
  }
  const open = async (): Promise<Mailbox> => {
    const { openNatsMailbox } = await import('./nats-mailbox.js')
    const { credentials, ca, namespace, replicas } = settings
    return openNatsMailbox({
      ...{ url, rules, log, isAlive, clock: systemClock, keeper: readStateFolderId(home) },
      ...(credentials !== undefined && { credentials }),
      ...(ca !== undefined && { ca }),
      ...(namespace !== undefined && { namespace }),
      ...(replicas !== undefined && { replicas }),
    })
  }
  const mailbox = createLazyMailbox({
    open: checked(parts, open),
    kept: { kind: 'nats', where: withoutSecrets(url) },
  })
  void mailbox.begin()
  return mailbox
}

/** Wraps the opening of the mailbox: rejects while the configuration has a mistake, and logs each new problem once. */
function checked(
  { files, log }: MailboxParts,
  open: () => Mailbox | Promise<Mailbox>,
): () => Promise<Mailbox> {
  let logged: string | undefined
  return async () => {
    try {
      files.check()
      return await open()
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      if (problem !== logged) log(`mailbox: ${problem}`)
      logged = problem
      throw error
    }
  }
}

const kilobyte = 1024
const day = 86_400_000

function rulesOf({ maxKilobytes, maxTries, keepDays }: MailboxSettings): Partial<MailboxLimits> {
  return { maxBytes: Math.floor(maxKilobytes * kilobyte), maxTries, keepMs: keepDays * day }
}

/** Whether the process of a handler runs. Handlers on other machines count as alive; their leases end by themselves. */
function isAlive(handler: MailHandler): boolean {
  return handler.host !== hostname() || isSameProcessRunning(handler)
}

function withoutSecrets(urls: string): string {
  const servers = urls.split(',').map((text) => new URL(text.trim()))
  return servers.map(({ protocol, host }) => `${protocol}//${host}`).join(',')
}

/**
 * Returns the id of this state folder among all machines of a mailbox, which stays the same after a restart. It also
 * depends on the machine and its process namespace, because folders may be shared and machines may be copies.
 * @throws SubagentError `io-failed`
 */
export function readStateFolderId(home: string): string {
  const parts = [ownId(home), hostname(), getPidScope()]
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16)
}

function ownId(home: string): string {
  const path = join(home, 'mailbox-id')
  try {
    createFolderWithParents(home)
    writeFileSync(path, randomUUID(), { flag: 'wx', mode: 0o600 })
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw unusable(path, cause)
  }
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (cause) {
    throw unusable(path, cause)
  }
}

function unusable(path: string, cause: unknown): SubagentError {
  const message = `cannot use ${path} (${String(cause)})`
  return new SubagentError('io-failed', message, {
    hint: 'make it writable, or set SUBAGENT_MCP_HOME to another folder',
    cause,
  })
}
