import type { Fleet } from '@subagent-mcp/daemon'
import { jsonText } from '../terminal/json-text.js'
import type { Terminal } from '../terminal/terminal.js'
import { renderFleet } from './fleet-table.js'

/** Prints the workers of a fleet, or the same as JSON. */
export async function printFleet(fleet: Fleet, json: boolean, terminal: Terminal): Promise<void> {
  const lines = json ? [jsonText(fleet, 2)] : fleet.workers.length > 0 ? renderFleet(fleet, terminal) : []
  await terminal.stdout.print(lines.map((line) => `${line}\n`).join(''))
  if (lines.length === 0) await remark('no fleet is up: subagent-mcp fleet up [file]', terminal)
}

/** Says something besides the result. */
export async function remark(text: string, { stderr }: Terminal): Promise<void> {
  await stderr.print(`${stderr.paint('dim', text)}\n`)
}
