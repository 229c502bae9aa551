import { defineCommand, type ArgsDef } from 'citty'
import { noWord, readWords, type Flags } from '../../terminal/read-words.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'

/** A command about the daemon. `act` is told which flags were given, and returns the exit code. */
export function daemonCommand<const Known extends Flags & ArgsDef>(command: {
  name: string
  description: string
  flags: Known
  act: (isGiven: (flag: keyof Known) => boolean, terminal: Terminal) => Promise<number>
}) {
  const { name, description, flags, act } = command
  const usage = `subagent-mcp daemon ${[name, ...Object.keys(flags).map((flag) => `[--${flag}]`)].join(' ')}`
  return defineCommand({
    meta: { name, description },
    args: flags,
    run: async ({ rawArgs }) => {
      const { values, positionals } = readWords(rawArgs, flags, usage)
      noWord(positionals, usage)
      const given = new Set<keyof Known>(Object.keys(values))
      await withTerminal((terminal) => act((flag) => given.has(flag), terminal))
    },
  })
}

/** Every one of them has it. */
export const jsonFlag = { json: { type: 'boolean', description: 'The same as JSON' } } as const

/** What one says, to a person or to a program. */
export async function say({ stdout }: Terminal, isJson: boolean, { text, data }: Saying): Promise<void> {
  await stdout.print(isJson ? `${JSON.stringify(data, undefined, 2)}\n` : `${text}\n`)
}

/** The same thing in words and as data. */
export type Saying = { text: string; data: object }
