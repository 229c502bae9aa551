import type { RecapCommand } from '@subagent-mcp/api'
import { formatToolCallOnOneLine } from '@subagent-mcp/core'
import { cutToOneLine } from '@subagent-mcp/mcp-server'
import type { FactStamp, AgentToolCall } from './call-effects.js'

/** A tool call of an agent that has not ended. A CLI reports its start (`callId`), asks for permission (`requestId`), or both, in either order. */
export type RunningCall = AgentToolCall & { callId?: string; requestId?: string; entry?: RecapCommand }

/** The tool calls of an agent that have not ended. */
export type RunningCalls = {
  /** Returns the tool call that a fact starts or asks permission for: a new one, or the call that an earlier fact of the other kind has reported. */
  told(call: ToldCall, place: FactStamp): RunningCall
  withRequest(requestId: string): RunningCall | undefined
  take(callId: string): RunningCall | undefined
  takeAll(): readonly RunningCall[]
}

type ToldCall = { tool: string; input: unknown } & ({ callId: string } | { requestId: string })

const longestCall = 300

export function createRunningCalls(cwd: string): RunningCalls {
  let open: readonly RunningCall[] = []
  return {
    told: ({ tool, input, ...id }, place) => {
      const text = cutToOneLine(formatToolCallOnOneLine({ tool, input }, cwd), longestCall)
      const missing = 'callId' in id ? 'callId' : 'requestId'
      const isSame = (call: RunningCall): boolean =>
        call[missing] === undefined && call.tool === tool && commandIn(call.text) === commandIn(text)
      const call: RunningCall = open.findLast(isSame) ?? { ...place, tool, input, text }
      if (!open.includes(call)) open = [...open, call]
      return Object.assign(call, id)
    },
    withRequest: (requestId) => open.find((call) => call.requestId === requestId),
    take: (callId) => {
      const taken = open.find((call) => call.callId === callId)
      open = open.filter((call) => call !== taken)
      return taken
    },
    takeAll: () => {
      const taken = open
      open = []
      return taken
    },
  }
}

/** The command at the end of a call's text, as in `Bash (timeout: 5): npm test`: a request may have further fields before it. */
function commandIn(text: string): string {
  return /^[\w.]+(?: \(.*?\))?: (.+)$/s.exec(text)?.[1] ?? text
}
