import type { AgentSummary } from '@subagent-mcp/api'
import { projectOf } from '@subagent-mcp/driver-kit'
import { describeLoss, readLosses } from '@subagent-mcp/journal'
import { join } from 'node:path'
import { exitCode } from '../../exit.js'
import { homeFolder } from '../../settings/home-folder.js'
import { renderAgents } from '../../terminal/agent-table.js'
import { isBusy } from '../../terminal/agent-words.js'
import type { Desk } from '../../terminal/at-terminal.js'
import type { Terminal } from '../../terminal/terminal.js'

/** Which agents are shown: also those that ended long ago, or only those of this project. */
export type Shown = { all: boolean; here: boolean }

/** Prints the agents once. */
export async function listAgents(args: Shown & { json: boolean }, desk: Desk): Promise<number> {
  const { stdout, stderr, now, home } = desk.terminal
  const listed = await askForAgents(args, desk)
  if (args.json) {
    await stdout.print(`${JSON.stringify(listed.shown, undefined, 2)}\n`)
    for (const line of lossRemarks(listed.losses ?? [])) await stderr.print(`${line}\n`)
    return exitCode.done
  }
  if (listed.shown.length > 0) {
    const columns = stdout.size()?.columns ?? Infinity
    const time = { now: now(), asOf: now(), home }
    const lines = renderAgents(listed.shown, { ...time, columns, paint: stdout.paint })
    await stdout.print(lines.map((line) => `${line}\n`).join(''))
  }
  for (const line of remarks(listed)) await stderr.print(`${stderr.paint('dim', line)}\n`)
  return exitCode.done
}

/**
 * The agents that are shown, the oldest launch first; how many are not, since they ended long ago; and what was
 * acknowledged and is gone.
 */
export type Listed = { shown: AgentSummary[]; hidden: number; losses?: readonly string[] }

/** Asks the daemon for the agents that are to be shown. */
export async function askForAgents(args: Shown, { client, terminal }: Desk): Promise<Listed> {
  const agents = await client.agents(args.here ? { project: projectOf(terminal.cwd) } : {})
  const shown = agents.filter((agent) => args.all || isFresh(agent, terminal))
  const losses = readLosses(join(homeFolder(terminal.environment), 'journal.db')).map(describeLoss)
  return { shown, hidden: agents.length - shown.length, losses }
}

/** What there is to say besides the table. */
export function remarks({ shown, hidden, losses = [] }: Listed): string[] {
  const lost = lossRemarks(losses)
  if (hidden > 0) return [...lost, `${hidden} more ended over an hour ago: subagent-mcp ps --all`]
  return [...lost, ...(shown.length > 0 ? [] : ['no agents; launch one: subagent-mcp run "<prompt>"'])]
}

/** What is lost is said until the user confirms it. */
function lossRemarks(losses: readonly string[]): string[] {
  if (losses.length === 0) return []
  return [
    ...losses.map((loss) => `lost: ${loss}`),
    'once you have read this, subagent-mcp doctor --fix confirms it',
  ]
}

/** It lives, or ended within the hour. */
function isFresh(agent: AgentSummary, { now }: Pick<Terminal, 'now'>): boolean {
  return agent.alive || isBusy(agent) || now() - (agent.endedAt ?? agent.launchedAt) < 3_600_000
}
