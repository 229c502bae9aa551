import { appendFileSync, existsSync, readFileSync } from 'node:fs'

/** The environment variable that names the file in which a fake keeps what it was told. */
export const heardVariable = 'FAKE_HEARD'

/** Keeps a line that a fake was told, for its test to look at. */
export function keepHeard(line: string): void {
  const path = process.env[heardVariable]
  if (path !== undefined) appendFileSync(path, `${line}\n`)
}

/** What was kept, in order, parsed; of all processes of the fake. */
export function readHeard(path: string): unknown[] {
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean)
  return lines.map((line): unknown => JSON.parse(line))
}
