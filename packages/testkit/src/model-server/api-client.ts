import type { Dialect } from './dialects/dialect.js'

/** One line of a test conversation with the model server. */
export type TestLine = { user: string } | { model: string } | { tool: string; result: string }

/** The content of the model server's reply, in one form for all APIs. */
export type ReplyContent = {
  /** The texts of the reply in order; streamed ones in pieces. */
  texts: string[]
  thoughts: string[]
  tools: { name: unknown; input: unknown }[]
  usage: { input: number; cached: number; output: number }
}

/** A test client of one model API, for tests of the model server. */
export type ApiClient = {
  name: Dialect['name']
  path: { streamed: string; whole: string }
  body(lines: readonly TestLine[], stream: boolean): object
  /** Reads a reply from the events of its stream, or from its one whole body. */
  hear(data: readonly unknown[]): ReplyContent
}

/** A test request to the model server. */
export type TestModelRequest = { lines: readonly TestLine[]; stream: boolean; signal?: AbortSignal }

/** Sends a test request to the model server, and reads the reply to its end or until it breaks off. */
export async function ask(url: string, client: ApiClient, { lines, stream, signal }: TestModelRequest) {
  const response = await fetch(`${url}${stream ? client.path.streamed : client.path.whole}`, {
    method: 'POST',
    headers: { 'x-api-key': 'secret' },
    body: JSON.stringify(client.body(lines, stream)),
    signal: signal ?? null,
  })
  const { text, broken } = await readAll(response)
  const data = dataIn(text)
  const errors = allObjectsIn(data).flatMap(({ error }) => allObjectsIn(error).map(({ message }) => message))
  return { response, broken, error: errors[0], ...client.hear(data) }
}

/** Returns the data itself, and every object inside it. */
export function allObjectsIn(data: unknown): Record<string, unknown>[] {
  if (typeof data !== 'object' || data === null) return []
  return [...(Array.isArray(data) ? [] : [{ ...data }]), ...Object.values(data).flatMap(allObjectsIn)]
}

async function readAll(response: Response): Promise<{ text: string; broken: boolean }> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const bytes of bytesOf(response)) text += decoder.decode(bytes, { stream: true })
    return { text, broken: false }
  } catch (error) {
    if (error instanceof TypeError) return { text, broken: true } // what fetch throws for a body cut short
    throw error
  }
}

async function* bytesOf({ body }: Response): AsyncGenerator<Uint8Array> {
  for await (const chunk of body ?? []) if (chunk instanceof Uint8Array) yield chunk
}

/** Parses the events of a reply. A whole body counts as one event. */
function dataIn(text: string): unknown[] {
  const events = text.split('\n\n').filter((event) => event !== '')
  return events.map((event): unknown => JSON.parse(event.replace(/^event: .*\n/, '').replace(/^data: /, '')))
}
