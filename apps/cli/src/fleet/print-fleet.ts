import type { Fleet } from '@subagent-mcp/api'
import { revealInvisible } from '@subagent-mcp/mcp-server'
import { safeJson } from '../terminal/text.js'
import type { Terminal } from '../terminal/terminal.js'
import { renderFleet } from './fleet-table.js'

/** Prints the workers of a fleet, as a table or as JSON. */
export async function printFleet(fleet: Fleet, json: boolean, terminal: Terminal): Promise<void> {
  const lines = json ? [safeJson(fleet, 2)] : fleet.workers.length > 0 ? renderFleet(fleet, terminal) : []
  await terminal.stdout.print(lines.map((line) => `${line}\n`).join(''))
  if (lines.length === 0) await printRemark('no fleet is up: subagent-mcp fleet up [file]', terminal)
  const lacks = lackedIn(fleet)
  if (!json && lacks !== undefined) await printRemark(lacks, terminal)
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

/** Prints a remark on stderr, besides the result on stdout. */
export async function printRemark(text: string, { stderr }: Terminal): Promise<void> {
  await stderr.print(`${stderr.paint('dim', text)}\n`)
}
