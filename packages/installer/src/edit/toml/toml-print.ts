import { isDataTable, type JsonValue } from '../value.js'

/** The text of a TOML table: a header, and a line for each key. Deeper tables are inline. */
export function printTomlBlock(header: string, table: JsonValue, lineBreak: string): string {
  const lines = isDataTable(table)
    ? Object.entries(table).map(([key, value]) => printTomlEntry(key, value))
    : []
  return [header, ...lines].join(lineBreak)
}

export function printTomlEntry(key: string, value: unknown): string {
  return `${printKey(key)} = ${printTomlValue(value)}`
}

export function printTomlKeys(keys: readonly string[]): string {
  return keys.map(printKey).join('.')
}

export function printTomlValue(value: unknown): string {
  if (typeof value === 'string') return printString(value)
  if (Array.isArray(value)) return `[${value.map(printTomlValue).join(', ')}]`
  if (!isDataTable(value)) return String(value)
  const members = Object.entries(value).map(([key, member]) => printTomlEntry(key, member))
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

/** Whether a part of a value is null, which TOML does not have. */
export function containsNull(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsNull)
  return value === null || (isDataTable(value) && Object.values(value).some(containsNull))
}

function printKey(key: string): string {
  return /^[\w-]+$/.test(key) ? key : printString(key)
}

/** TOML has the escapes of JSON, and escapes one more character. */
function printString(text: string): string {
  return JSON.stringify(text).replaceAll('\x7f', '\\u007f')
}
