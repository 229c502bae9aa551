import { composeMessage, type MessageImage } from '@subagent-mcp/driver-kit'

/** Creates the stdin line of a user message. A second block keeps Claude from reading a leading `/` as a command. */
export function createUserMessageLine(uuid: string, message: Parameters<typeof composeMessage>[0]): string {
  const { text, images } = composeMessage(message, { takesImages: true })
  const isPlain = images.length === 0 && !text.trimStart().startsWith('/')
  const blocks = [text, ...(images.length === 0 ? [' '] : [])].map((part) => ({ type: 'text', text: part }))
  return createUserLine(uuid, isPlain ? text : [...blocks, ...images.map(imageBlock)])
}

function imageBlock({ type, data }: MessageImage): object {
  return { type: 'image', source: { type: 'base64', media_type: type, data } }
}

/** Creates the stdin line of a user message with this content, which Claude reads as a command if it is one, such as `/clear`. */
export function createUserLine(uuid: string, content: unknown): string {
  return JSON.stringify({ type: 'user', uuid, message: { role: 'user', content } })
}

export function createControlRequestLine(
  id: string,
  body: { subtype: string } & Record<string, unknown>,
): string {
  return JSON.stringify({ type: 'control_request', request_id: id, request: body })
}

export function createAllowToolCallLine(id: string, input: unknown): string {
  return controlResponseLine(id, { subtype: 'success', response: { behavior: 'allow', updatedInput: input } })
}

export function createDenyToolCallLine(id: string, message: string): string {
  return controlResponseLine(id, { subtype: 'success', response: { behavior: 'deny', message } })
}

/** The line that answers a request with an MCP message. Claude also waits for an answer where MCP has none, and drops this default. */
export function createMcpAnswerLine(
  id: string,
  message: object = { jsonrpc: '2.0', id: 0, result: {} },
): string {
  return controlResponseLine(id, { subtype: 'success', response: { mcp_response: message } })
}

/** The line that refuses a request from Claude: without an answer the turn would not end. */
export function createRefuseRequestLine(id: string, error: string): string {
  return controlResponseLine(id, { subtype: 'error', error })
}

function controlResponseLine(
  id: string,
  { subtype, ...response }: { subtype: string } & Record<string, unknown>,
): string {
  return JSON.stringify({ type: 'control_response', response: { subtype, request_id: id, ...response } })
}
