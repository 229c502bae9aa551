/** Encodes a server-sent event. `data` must have no line breaks, as is true of JSON. A client keeps the last id when an event has none. */
export function encodeSse({ id, event, data }: { id?: string; event: string; data: string }): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`
}

/** A comment, which readers ignore; it shows that the connection is open. */
export const sseHeartbeat = ':\n\n'
