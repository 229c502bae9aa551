import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { parse as parsePath, join } from 'node:path'
import { z } from 'zod'

/** What was acknowledged and is gone, as it was found when a database was opened or read. */
export type Loss = z.infer<typeof Loss>
const Loss = z.object({
  /** Unix milliseconds at which it was found. */
  at: z.number(),
  database: z.string(),
  /** What was found, as words: `it is gone`, `it is damaged: …`. */
  found: z.string(),
  /** How many facts are gone, at most: those that were forgotten on purpose may be among them. */
  facts: z.number(),
  /** How many messages of the mailbox are gone, at most. */
  messages: z.number(),
  /** The ids of agents that are gone, or lack some of their facts. */
  agents: z.array(z.string()),
  /** When the last fact was written that is there, and the last that is gone. */
  since: z.number().optional(),
  until: z.number().optional(),
  /** Where the damaged file was set aside. */
  aside: z.string().optional(),
})

const Line = z.union([z.object({ seen: z.number() }), Loss])

/** The file beside a database in which its losses are, a line each. */
function lossesPath(database: string): string {
  const { dir, name } = parsePath(database)
  return join(dir, `${name}.losses`)
}

/** The losses that nobody has confirmed yet, oldest first; those of a line that cannot be read are left out. */
export function readLosses(database: string): Loss[] {
  const path = lossesPath(database)
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => Line.safeParse(jsonIn(line)).data ?? [])
  const seen = lines.findLastIndex((line) => 'seen' in line)
  return lines.slice(seen + 1).flatMap((line) => ('seen' in line ? [] : [line]))
}

/** Puts a loss on record, on the disk when it returns. */
export function recordLoss(loss: Loss): void {
  addLine(loss.database, loss)
}

/** The losses so far are known to the user, and not read any more. They stay in the file. */
export function confirmLosses(database: string, now: number): void {
  addLine(database, { seen: now })
}

function addLine(database: string, line: z.infer<typeof Line>): void {
  const file = openSync(lossesPath(database), 'a', 0o600)
  try {
    // A line before it may lack its end: a crash or a full disk came first.
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

/** A loss in one sentence for a person, with what to do. */
export function lossText({ database, found, facts, messages, agents, since, until, aside }: Loss): string {
  const what = [
    ...(facts > 0 ? [`up to ${facts} facts`] : []),
    ...(messages > 0 ? [`up to ${messages} messages`] : []),
  ]
  const time = [
    ...(since === undefined ? [] : [`after ${new Date(since).toISOString()}`]),
    ...(until === undefined ? [] : [`until ${new Date(until).toISOString()}`]),
  ].join(' ')
  const lost = what.length === 0 ? 'nothing that was acknowledged is lost' : `${what.join(' and ')} are lost`
  const shown = agents.slice(0, mostShown).join(', ')
  const more = agents.length > mostShown ? ` and ${agents.length - mostShown} more` : ''
  return [
    `${database}: ${found}; ${lost}${what.length > 0 && time !== '' ? `, written ${time}` : ''}`,
    ...(agents.length === 0 ? [] : [`of agents ${shown}${more}`]),
    ...(aside === undefined ? [] : [`what was found was kept as ${aside}`]),
  ].join('; ')
}

const mostShown = 20
