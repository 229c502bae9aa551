import { appendFileSync } from 'node:fs'
import { appendedLines } from './appended-lines.js'

/** The environment variable that names the file in which a fake keeps what it was told. */
export const heardVariable = 'FAKE_HEARD'

/** Keeps a line that a fake was told, for its test to look at. */
export function keepHeard(line: string): void {
  const path = process.env[heardVariable]
  if (path !== undefined) appendFileSync(path, `${line}\n`)
}

/** What was kept, in order, parsed; of all processes of the fake. */
export function readHeard(path: string): unknown[] {
  return appendedLines(path).map((line): unknown => JSON.parse(line))
}
