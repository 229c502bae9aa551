import { crc32 } from 'node:zlib'

/** The checksum of a row's text, as it is kept beside it: 32 bits, which any changed byte changes. */
export function checksumOf(text: string | Uint8Array): number {
  return crc32(text)
}

/** The fields of a row as one text, which SQL makes by `contentOf` too. Only the agent's id may hold a line break. */
export function contentText(fields: readonly (string | number | null)[]): string {
  return fields.map(String).join('\n')
}

/**
 * SQL for the fields of a row as one blob: SQLite gives out text as it is, and libsql ends the process when it is no UTF-8
 * any more.
 */
export function contentOf(columns: readonly string[]): string {
  return `CAST(${columns.join(` || char(10) || `)} AS BLOB)`
}
