import { appendFileSync } from 'node:fs'
import { appendedLines } from './appended-lines.js'

/** The environment variable with the path of the file in which a fake records the lines that it received. */
export const receivedVariable = 'FAKE_HEARD'

/** Records a line that a fake received, for its test. */
export function recordReceivedLine(line: string): void {
  const path = process.env[receivedVariable]
  if (path !== undefined) appendFileSync(path, `${line}\n`)
}

/** Returns the recorded stdin lines of all processes of a fake, in order, parsed. */
export function readReceived(path: string): unknown[] {
  return appendedLines(path).map((line): unknown => JSON.parse(line))
}
