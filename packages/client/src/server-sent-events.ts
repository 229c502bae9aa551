import { createParser, type EventSourceMessage } from 'eventsource-parser'

export async function* parseServerSentEvents(
  text: AsyncIterable<string>,
): AsyncGenerator<EventSourceMessage, void> {
  const messages: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (message) => messages.push(message) })
  for await (const piece of text) {
    parser.feed(piece)
    yield* messages.splice(0)
  }
}
