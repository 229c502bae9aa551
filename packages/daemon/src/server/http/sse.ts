/** A server-sent event as text. `data` must have no line breaks: JSON has none. An event without an id repeats none. */
export function encodeSse({ id, event, data }: { id?: string; event: string; data: string }): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`
}

/** A comment, which readers ignore; it shows that the connection is open. */
export const heartbeat = ':\n\n'
