import { systemClock } from '@subagent-mcp/contract'
import { processIs } from '@subagent-mcp/driver-kit'
import type { Handler, Mailbox, MailboxRules } from '@subagent-mcp/mailbox'
import { openSqliteMailbox } from '@subagent-mcp/mailbox-sqlite'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { UserFiles } from '../settings/user-files.js'
import type { MailboxSettings } from '../settings/mailbox-settings.js'
import { keeperOf } from './keeper.js'
import { lateMailbox, type LateMailbox } from './late-mailbox.js'

/** What the mailbox of a house is made from. */
export type HouseMailboxParts = {
  files: Pick<UserFiles, 'config' | 'check'>
  /** The folder in which everything of ours is kept. */
  home: string
  log: (line: string) => void
}

/**
 * The one mailbox of a house: this machine's own beside the journal, unless the user has NATS servers. With a
 * configuration that cannot be used there is none: the others may be where it says.
 */
export function houseMailbox(parts: HouseMailboxParts): LateMailbox {
  const { files, home, log } = parts
  const { url, ...settings } = files.config.mailbox
  const rules = rulesOf(settings)
  if (url === undefined) {
    const path = join(home, 'journal.db')
    const open = (): Mailbox => openSqliteMailbox({ path, rules, clock: systemClock, isAlive })
    return lateMailbox({ open: checked(parts, open), kept: { kind: 'sqlite', where: path } })
  }
  const open = async (): Promise<Mailbox> => {
    const { openNatsMailbox } = await import('./nats-mailbox.js')
    const { credentials, ca, namespace, replicas } = settings
    return openNatsMailbox({
      ...{ url, rules, log, isAlive, clock: systemClock, keeper: keeperOf(home) },
      folder: join(home, 'mailbox-copy'),
      ...(credentials !== undefined && { credentials }),
      ...(ca !== undefined && { ca }),
      ...(namespace !== undefined && { namespace }),
      ...(replicas !== undefined && { replicas }),
    })
  }
  const mailbox = lateMailbox({
    open: checked(parts, open),
    kept: { kind: 'nats', where: withoutSecrets(url) },
  })
  void mailbox.begin()
  return mailbox
}

function checked(
  { files, log }: HouseMailboxParts,
  open: () => Mailbox | Promise<Mailbox>,
): () => Promise<Mailbox> {
  let told: string | undefined
  return async () => {
    try {
      files.check()
      return await open()
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      if (problem !== told) log(`mailbox: ${problem}`)
      told = problem
      throw error
    }
  }
}

const kilobyte = 1024
const day = 86_400_000

function rulesOf({ maxKilobytes, maxTries, keepDays }: MailboxSettings): Partial<MailboxRules> {
  return { maxBytes: Math.floor(maxKilobytes * kilobyte), maxTries, keepMs: keepDays * day }
}

/** Of a process elsewhere nothing can be learned here: its lease will end. */
function isAlive(handler: Handler): boolean {
  return handler.host !== hostname() || processIs(handler)
}

function withoutSecrets(urls: string): string {
  const servers = urls.split(',').map((text) => new URL(text.trim()))
  return servers.map(({ protocol, host }) => `${protocol}//${host}`).join(',')
}
