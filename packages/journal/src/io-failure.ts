import { SubagentError } from '@subagent-mcp/contract'

/** What went wrong with a database's file or folder, in words that say what to do. The only place that reads codes. */
export function ioFailure(database: string, cause: unknown): SubagentError {
  const code = codeOf(cause)
  const { says, hint } = kinds.find(({ codes }) => codes.test(code)) ?? unknownKind(cause)
  return new SubagentError('io-failed', `${database} ${says}`, { hint, cause })
}

/** The code of an error of SQLite (`SQLITE_FULL`) or of the file system (`ENOSPC`); empty when it has none. */
export function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
}

const elsewhere = 'set SUBAGENT_MCP_HOME to another folder'

/** What was written last lies in `-wal`: without it the rest cannot be read. */
const moveAway = 'move it away together with the -wal and -shm beside it, a new one is made then'

const kinds: readonly { codes: RegExp; says: string; hint: string }[] = [
  {
    codes: /^(SQLITE_FULL|ENOSPC|EDQUOT)/,
    says: 'cannot grow: its disk is full',
    hint: `free some space on the disk, or ${elsewhere}`,
  },
  {
    codes: /^SQLITE_NOTADB/,
    says: 'is not a database',
    hint: `${moveAway}; or ${elsewhere}`,
  },
  {
    codes: /^SQLITE_CORRUPT/,
    says: 'is damaged',
    hint: `${moveAway}; or ${elsewhere}`,
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
