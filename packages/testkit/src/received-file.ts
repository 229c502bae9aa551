import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
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

/** Opens a gate for all processes of a fake. */
export function openGate(path: string, gate: string): void {
  writeFileSync(gatePath(path, gate), '')
}

/** Whether the test has opened a gate of this fake. */
export function isOpenGate(gate: string): boolean {
  const path = process.env[receivedVariable]
  return path !== undefined && existsSync(gatePath(path, gate))
}

function gatePath(path: string, gate: string): string {
  return `${path}-gate-${gate}`
}
