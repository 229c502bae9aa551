import { SubagentError } from '@subagent-mcp/contract'

/** Turns an error of SQLite or the file system into one whose message and hint a user understands. */
export function createIoFailedError(database: string, cause: unknown): SubagentError {
  const code = getIoErrorCode(cause)
  const { says, hint } = kinds.find(({ codes }) => codes.test(code)) ?? unknownKind(cause)
  return new SubagentError('io-failed', `${database} ${says}`, { hint, cause })
}

/** Whether SQLite reports a damaged file, and not one that cannot be reached. */
export function isDatabaseDamageError(cause: unknown): boolean {
  return /^SQLITE_(NOTADB|CORRUPT|IOERR_SHORT_READ)/.test(getIoErrorCode(cause))
}

/** The error for a row of the database that differs from what was written. */
export function createDamagedRowError(database: string, cause: unknown): SubagentError {
  return new SubagentError('io-failed', `${database} is damaged`, {
    hint: `${restart}; or ${elsewhere}`,
    cause,
  })
}

/** The code of an SQLite error (`SQLITE_FULL`) or a file system error (`ENOSPC`); empty without one. */
export function getIoErrorCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
}

const elsewhere = 'set SUBAGENT_MCP_HOME to another folder'

const restart =
  'the next daemon sets it aside and continues with what can be read: subagent-mcp daemon restart'

const kinds: readonly { codes: RegExp; says: string; hint: string }[] = [
  {
    codes: /^(SQLITE_FULL|ENOSPC|EDQUOT)/,
    says: 'cannot grow: its disk is full',
    hint: `free some space on the disk, or ${elsewhere}`,
  },
  {
    codes: /^SQLITE_NOTADB/,
    says: 'is not a database',
    hint: `${restart}; or ${elsewhere}`,
  },
  {
    codes: /^SQLITE_(CORRUPT|IOERR_SHORT_READ)/,
    says: 'is damaged',
    hint: `${restart}; or ${elsewhere}`,
  },
  {
    codes: /^SQLITE_(BUSY|LOCKED)/,
    says: 'is kept locked by another process',
    hint: `end what else has the file open, or ${elsewhere}`,
  },
  {
    codes: /^(SQLITE_READONLY|SQLITE_PERM|EACCES|EPERM|EROFS)/,
    says: 'cannot be written',
    hint: `make the file and its folder writable, or ${elsewhere}`,
  },
  {
    codes: /^(EEXIST|ENOTDIR|ENOENT|ENAMETOOLONG|ELOOP)/,
    says: 'cannot be made: its folder is not one',
    hint: `look at what is in the way of its path, or ${elsewhere}`,
  },
]

function unknownKind(cause: unknown): { says: string; hint: string } {
  const words = cause instanceof Error ? cause.message : String(cause)
  return { says: `cannot be used: ${words}`, hint: `look at the file and its disk, or ${elsewhere}` }
}
