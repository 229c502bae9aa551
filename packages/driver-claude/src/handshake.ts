import type { Failure } from '@subagent-mcp/contract'
import { parseJson } from '@subagent-mcp/driver-kit'
import { classifyResult } from './classify.js'
import { handshakeId } from './requests.js'
import { ClaudeLine } from './wire.js'

/** What a line of a process that gets ready means: it is ready, it says why it will not be, or nothing. */
export function readHandshake(text: string): 'ready' | Failure | undefined {
  const parsed = ClaudeLine.safeParse(parseJson(text))
  if (!parsed.success) return undefined
  const line = parsed.data
  if (line.type === 'result' && line.is_error) {
    return classifyResult(line, { word: undefined, limitEndsAt: undefined })
  }
  if (line.type !== 'control_response' || line.response.request_id !== handshakeId) return undefined
  if (line.response.error === undefined) return 'ready'
  return { reason: 'protocol', message: `claude refused to start a session: ${line.response.error}` }
}
