/** One message of a stream of server-sent events. */
export type SseMessage = { id?: string; event?: string; data: string }

/** A message in the bytes of the stream. `data` has no line breaks: JSON has none. */
export function encodeSse({ id, event, data }: SseMessage): string {
  const lines = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(event === undefined ? [] : [`event: ${event}`]),
    ...(data === '' ? [] : [`data: ${data}`]),
  ]
  return `${lines.join('\n')}\n\n`
}

/** A line that readers leave out; it shows that the connection lives. */
export const heartbeat = ':\n\n'

/** Reads messages from the text of a stream, in whatever pieces it comes. One without data may still carry an id. */
export async function* decodeSse(pieces: AsyncIterable<string>): AsyncGenerator<SseMessage> {
  let rest = ''
  for await (const piece of pieces) {
    const blocks = `${rest}${piece}`.split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) yield decodeBlock(block)
  }
}

function decodeBlock(block: string): SseMessage {
  const message: SseMessage = { data: '' }
  for (const line of block.split('\n')) {
    const colon = line.indexOf(': ')
    const [name, value] = [line.slice(0, Math.max(colon, 0)), line.slice(colon + 2)]
    if (name === 'id') message.id = value
    if (name === 'event') message.event = value
    if (name === 'data') message.data = value
  }
  return message
}
