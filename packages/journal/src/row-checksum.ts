import { crc32 } from 'node:zlib'

/** The CRC-32 of a row's text. The journal stores it with the row. */
export function computeRowChecksum(text: string | Uint8Array): number {
  return crc32(text)
}

/** Joins the fields of a row into the text that the checksum covers. `createRowChecksumTextSql` does the same in SQL. */
export function joinRowChecksumText(fields: readonly (string | number | null)[]): string {
  return fields.map(String).join('\n')
}

/** SQL for the text that a row's checksum covers, as a blob: libsql crashes on text that is not valid UTF-8. */
export function createRowChecksumTextSql(columns: readonly string[]): string {
  return `CAST(${columns.join(` || char(10) || `)} AS BLOB)`
}
