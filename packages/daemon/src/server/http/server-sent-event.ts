/** Encodes a server-sent event. `data` must not contain line breaks; JSON has none. A client keeps the last id if an event has no id. */
export function encodeServerSentEvent({
  id,
  event,
  data,
}: {
  id?: string
  event: string
  data: string
}): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`
}

/** A comment line, which readers ignore. It is sent regularly to show that the connection is open. */
export const serverSentHeartbeat = ':\n\n'
