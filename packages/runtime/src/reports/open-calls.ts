import type { RecapCommand } from '@subagent-mcp/api'
import { toolCallText } from '@subagent-mcp/core'
import { maskSecrets } from '@subagent-mcp/permissions'
import type { FactPlace, MadeCall } from './call-effects.js'
import { cutLine } from './cut-line.js'

/** A call that has not ended. A CLI tells its start (`callId`), asks for permission (`requestId`), or both, in either order. */
export type OpenCall = MadeCall & { callId?: string; requestId?: string; entry?: RecapCommand }

/** The calls of an agent that have not ended. */
export type OpenCalls = {
  /** Returns the call that begins, or that is asked about: a new one, or the one of which the other was told before. */
  told(call: ToldCall, place: FactPlace): OpenCall
  withRequest(requestId: string): OpenCall | undefined
  /** Removes the call with this id. */
  take(callId: string): OpenCall | undefined
  /** Removes all calls. */
  takeAll(): readonly OpenCall[]
}

type ToldCall = { tool: string; input: unknown } & ({ callId: string } | { requestId: string })

const longestCall = 300

export function createOpenCalls(cwd: string): OpenCalls {
  let open: readonly OpenCall[] = []
  return {
    told: ({ tool, input, ...id }, place) => {
      const text = cutLine(maskSecrets(toolCallText({ tool, input }, cwd)), longestCall)
      const missing = 'callId' in id ? 'callId' : 'requestId'
      const isSame = (call: OpenCall): boolean =>
        call[missing] === undefined && call.tool === tool && commandIn(call.text) === commandIn(text)
      const call: OpenCall = open.findLast(isSame) ?? { ...place, tool, input, text }
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
