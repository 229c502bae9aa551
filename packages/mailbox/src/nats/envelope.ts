import { z } from 'zod'
import { Command } from '../command.js'

/** A command as it is in the log. Its id tells a repeat from a second one. */
const Envelope = z.looseObject({ v: z.literal(1), id: z.string(), command: Command })
export type Envelope = { id: string; command: Command }

export function encode({ id, command }: Envelope): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ v: 1, id, command }))
}

/** What is wrong with it, as words, for a line that is none of ours or from a newer version. */
export function decode(data: Uint8Array): Envelope | string {
  const parsed = Envelope.safeParse(parseJson(data))
  return parsed.success ? parsed.data : (parsed.error.issues[0]?.path.join('.') ?? 'not a command')
}

function parseJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(data))
  } catch {
    return undefined // somebody else's line: no JSON is no command
  }
}

const decoder = new TextDecoder()
