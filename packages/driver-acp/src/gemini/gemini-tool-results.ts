import { parseJson } from '@subagent-mcp/contract'
import { z } from 'zod'

const Message = z.looseObject({
  type: z.string().optional(),
  content: z.unknown().optional(),
  toolCalls: z.array(z.looseObject({ id: z.string(), result: z.unknown().optional() })).optional(),
})
type Message = z.infer<typeof Message>

const Messages = z.looseObject({ $set: z.looseObject({ messages: z.array(Message) }) })

const Result = z.looseObject({ functionResponse: z.looseObject({ id: z.string() }) })

/**
 * Removes repeated tool results from a recording. Gemini (0.61.0) records a result in its call and in a message, loads
 * both, and the model API refuses a conversation with more results than calls (google-gemini/gemini-cli issue 29365). The
 * result in the call stays.
 */
export function removeRepeatedToolResults(recording: string): string {
  const lines = recording.split('\n')
  const recorded = new Set(lines.flatMap(messagesOf).flatMap(resultsOf))
  return lines.flatMap((line) => mended(line, recorded)).join('\n')
}

function messagesOf(line: string): readonly Message[] {
  return line.includes('"toolCalls"') ? readLine(line).messages : []
}

function readLine(line: string): {
  messages: readonly Message[]
  write(messages: readonly Message[]): string[]
} {
  const value = parseJson(line)
  const { data: all } = Messages.safeParse(value)
  if (all !== undefined) {
    const write = (messages: readonly Message[]) => [
      JSON.stringify({ ...all, $set: { ...all.$set, messages } }),
    ]
    return { messages: all.$set.messages, write }
  }
  const { data: one } = Message.safeParse(value)
  return {
    messages: one ? [one] : [],
    write: (messages) => messages.map((message) => JSON.stringify(message)),
  }
}

function resultsOf({ toolCalls = [] }: Message): readonly string[] {
  return toolCalls.flatMap(({ id, result }) => (result === undefined ? [] : [id]))
}

/** Removes repeated tool results from a line of a Gemini recording; returns other lines unchanged. */
function mended(line: string, recorded: ReadonlySet<string>): readonly string[] {
  if (!line.includes('"functionResponse"')) return [line]
  const { messages, write } = readLine(line)
  const left = messages.flatMap((message) => withoutResults(message, recorded))
  const isSame = left.length === messages.length && left.every((message) => messages.includes(message))
  return isSame ? [line] : write(left)
}

/** Removes tool results that are already recorded from a Gemini message. Drops a message with nothing else. */
function withoutResults(message: Message, recorded: ReadonlySet<string>): readonly Message[] {
  if (message.type !== 'user' || !Array.isArray(message.content)) return [message]
  const parts: unknown[] = message.content
  const content = parts.filter(
    (part) => !recorded.has(Result.safeParse(part).data?.functionResponse.id ?? ''),
  )
  if (content.length === parts.length) return [message]
  return content.length === 0 ? [] : [{ ...message, content }]
}
