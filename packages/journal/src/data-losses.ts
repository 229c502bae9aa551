import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { parse as parsePath, join } from 'node:path'
import { z } from 'zod'

/** Committed data that is gone, as found when a database was opened or read. */
export type DataLoss = z.infer<typeof Loss>
const Loss = z.object({
  /** The time at which the loss was found, in Unix milliseconds. */
  at: z.number(),
  database: z.string(),
  /** A description of the damage: `it is gone`, `it is damaged: …`. */
  found: z.string(),
  /** The most facts that can be lost. Facts that were deleted on purpose may be among them. */
  facts: z.number(),
  /** How many mailbox messages the damage of the file may have cost at most. */
  messages: z.number(),
  /** The ids of agents of which some or all facts are lost. */
  agents: z.array(z.string()),
  /** The time of the last fact that is kept; `until` is that of the last one that is lost. */
  since: z.number().optional(),
  until: z.number().optional(),
  /** The path to which the damaged journal was renamed. */
  aside: z.string().optional(),
})

const Line = z.union([z.object({ seen: z.number() }), Loss])

/** The file beside a database with its losses, one per line. */
function lossesPath(database: string): string {
  const { dir, name } = parsePath(database)
  return join(dir, `${name}.losses`)
}

/** The losses that the user has not confirmed yet, oldest first. Unreadable lines are skipped. */
export function readDataLosses(database: string): DataLoss[] {
  const path = lossesPath(database)
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => Line.safeParse(jsonIn(line)).data ?? [])
  const seen = lines.findLastIndex((line) => 'seen' in line)
  return lines.slice(seen + 1).flatMap((line) => ('seen' in line ? [] : [line]))
}

/** Writes a loss to the file of losses, before it returns. */
export function recordDataLoss(loss: DataLoss): void {
  addLine(loss.database, loss)
}

/** Marks all recorded losses as confirmed by the user. They stay in the file, but are no longer returned. */
export function confirmDataLosses(database: string, now: number): void {
  addLine(database, { seen: now })
}

function addLine(database: string, line: z.infer<typeof Line>): void {
  const file = openSync(lossesPath(database), 'a', 0o600)
  try {
    // The line before may lack its end, after a crash or a full disk.
    writeSync(file, `\n${JSON.stringify(line)}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function jsonIn(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // The end of the line was not written: a crash came first.
  }
}

/** A loss as one sentence for the user, with the path of the kept file. */
export function describeDataLoss({
  database,
  found,
  facts,
  messages,
  agents,
  since,
  until,
  aside,
}: DataLoss): string {
  const what = [
    ...(facts > 0 ? [`up to ${facts} facts`] : []),
    ...(messages > 0 ? [`up to ${messages} messages`] : []),
  ]
  const time = [
    ...(since === undefined ? [] : [`after ${new Date(since).toISOString()}`]),
    ...(until === undefined ? [] : [`until ${new Date(until).toISOString()}`]),
  ].join(' ')
  const lost = what.length === 0 ? 'no committed data is lost' : `${what.join(' and ')} are lost`
  const shown = agents.slice(0, mostShown).join(', ')
  const more = agents.length > mostShown ? ` and ${agents.length - mostShown} more` : ''
  return [
    `${database}: ${found}; ${lost}${what.length > 0 && time !== '' ? `, written ${time}` : ''}`,
    ...(agents.length === 0 ? [] : [`of agents ${shown}${more}`]),
    ...(aside === undefined ? [] : [`what was found was kept as ${aside}`]),
  ].join('; ')
}

const mostShown = 20
