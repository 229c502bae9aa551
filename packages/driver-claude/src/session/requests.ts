/** A message for the model, whatever it begins with: a second block keeps the CLI from taking it for a command. */
export function message(uuid: string, text: string): string {
  const blocks = [text, ' '].map((part) => ({ type: 'text', text: part }))
  return userLine(uuid, text.trimStart().startsWith('/') ? blocks : text)
}

/** A command to the CLI itself, as `/clear`. */
export function command(uuid: string, text: string): string {
  return userLine(uuid, text)
}

function userLine(uuid: string, content: unknown): string {
  return JSON.stringify({ type: 'user', uuid, message: { role: 'user', content } })
}

/** Something that the CLI must answer under the same id. */
export function request(id: string, body: { subtype: string } & Record<string, unknown>): string {
  return JSON.stringify({ type: 'control_request', request_id: id, request: body })
}

/** Our answer to a request of the CLI's. */
export function response(id: string, body: Record<string, unknown>): string {
  return JSON.stringify({
    type: 'control_response',
    response: { subtype: 'success', request_id: id, response: body },
  })
}

/** Our answer to a request that we do not know: silence would hang the turn. */
export function refusal(id: string, subtype: string): string {
  return JSON.stringify({
    type: 'control_response',
    response: { subtype: 'error', request_id: id, error: `${subtype} is not supported here` },
  })
}
