export { openSqliteMailbox, type SqliteMailboxOptions } from './sqlite-mailbox.js'
