import type { Fleet } from '@subagent-mcp/api'
import { revealInvisible } from '@subagent-mcp/mcp-server'
import { printJson, printLines, printRemarks } from '../terminal/print.js'
import type { Terminal } from '../terminal/terminal.js'
import { renderFleet } from './fleet-table.js'

/** Prints the workers of a fleet, as a table or as JSON. */
export async function printFleet(fleet: Fleet, json: boolean, terminal: Terminal): Promise<void> {
  if (json) return void (await printJson(terminal, fleet))
  const isUp = fleet.workers.length > 0
  const remark = isUp ? lackedIn(fleet) : 'no fleet is up: subagent-mcp fleet up [file]'
  const remarks = remark === undefined ? [] : [remark]
  await printLines(terminal.stdout, isUp ? renderFleet(fleet, terminal) : [])
  await printRemarks(terminal, remarks)
}

/** Describes which workers lack which API keys, and the command that restores the keys; undefined if none lacks any. */
function lackedIn({ file = '', workers }: Fleet): string | undefined {
  const lacking = workers.flatMap(({ name, lacks = [] }) => (lacks.length > 0 ? [{ name, lacks }] : []))
  if (lacking.length === 0) return undefined
  const each = lacking.map(({ name, lacks }) => `worker ${name} lacks ${lacks.join(', ')}`)
  const why = 'the daemon was restarted, and keeps no keys'
  return revealInvisible(
    `${each.join('; ')}: ${why}. Where they are set, run: subagent-mcp fleet up ${file}`,
    4_000,
  )
}
