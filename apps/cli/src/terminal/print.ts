import type { Terminal } from './terminal.js'

/** The same result in words and as data. */
export type Saying = { text: string; data: object }

/** Prints a result on stdout, as JSON if that is asked for. */
export async function say({ stdout }: Terminal, isJson: boolean, { text, data }: Saying): Promise<void> {
  await stdout.print(isJson ? `${JSON.stringify(data, undefined, 2)}\n` : `${text}\n`)
}
