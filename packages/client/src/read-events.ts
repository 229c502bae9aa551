import { createParser, type EventSourceMessage } from 'eventsource-parser'

/** Parses the server-sent events in the text of a response. */
export async function* readEvents(text: AsyncIterable<string>): AsyncGenerator<EventSourceMessage, void> {
  const messages: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (message) => messages.push(message) })
  for await (const piece of text) {
    parser.feed(piece)
    yield* messages.splice(0)
  }
}
