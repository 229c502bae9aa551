import { composeMessage, type MessageImage } from '@subagent-mcp/driver-kit'

/** Creates the stdin line of a user message. A second block keeps Claude from reading a leading `/` as a command. */
export function userMessageLine(uuid: string, message: Parameters<typeof composeMessage>[0]): string {
  const { text, images } = composeMessage(message, { takesImages: true })
  const isPlain = images.length === 0 && !text.trimStart().startsWith('/')
  const blocks = [text, ...(images.length === 0 ? [' '] : [])].map((part) => ({ type: 'text', text: part }))
  return userLine(uuid, isPlain ? text : [...blocks, ...images.map(imageBlock)])
}

function imageBlock({ type, data }: MessageImage): object {
  return { type: 'image', source: { type: 'base64', media_type: type, data } }
}

/** Creates the stdin line of a command for Claude itself, such as `/clear`. */
export function cliCommandLine(uuid: string, text: string): string {
  return userLine(uuid, text)
}

function userLine(uuid: string, content: unknown): string {
  return JSON.stringify({ type: 'user', uuid, message: { role: 'user', content } })
}

/** The line of a request, which Claude answers under the same id. */
export function requestLine(id: string, body: { subtype: string } & Record<string, unknown>): string {
  return JSON.stringify({ type: 'control_request', request_id: id, request: body })
}

/** The line that answers a request from Claude. */
export function responseLine(id: string, body: Record<string, unknown>): string {
  return JSON.stringify({
    type: 'control_response',
    response: { subtype: 'success', request_id: id, response: body },
  })
}

/** The line that allows a tool call with its input as Claude gave it. */
export function allowLine(id: string, input: unknown): string {
  return responseLine(id, { behavior: 'allow', updatedInput: input })
}

/** The line that refuses an unknown request from Claude: without an answer the turn would not end. */
export function refusalLine(id: string, subtype: string): string {
  return JSON.stringify({
    type: 'control_response',
    response: { subtype: 'error', request_id: id, error: `${subtype} is not supported here` },
  })
}
