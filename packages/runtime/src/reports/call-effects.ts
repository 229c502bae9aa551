import type { RecapAgent } from '@subagent-mcp/api'
import type { Agent } from '@subagent-mcp/core'
import {
  createDiskToolCallContext,
  decideToolCall,
  findNetworkUse,
  noPermissionRules,
  parseToolCall,
  type ToolCallContext,
  type ParsedToolCall,
} from '@subagent-mcp/permissions'
import { relative, sep } from 'node:path'

export type FactStamp = { seq: number; at: number }

/** A tool call that an agent made, with the fact of its start and its text in one line. */
export type AgentToolCall = FactStamp & { tool: string; input: unknown; text: string }

/** The files and network uses that can be derived from an agent's tool calls; `notSeen` lists effects that cannot. */
export type CallEffects = Pick<RecapAgent, 'files' | 'moreFiles' | 'network' | 'notSeen'>

/** Collects the effects of an agent's calls. Files of its folder are looked at as they are now. */
export type EffectRecorder = {
  /** Whether the call runs a command, or something whose effect is not known. */
  isCommand(call: AgentToolCall): boolean
  /** Notes a tool call that was carried out. */
  made(call: AgentToolCall, failed: boolean): void
  /** Notes an effect that no journaled fact shows. */
  missed(what: string, place: FactStamp): void
  effects(): CallEffects
}

/** The most files, by their last change, and uses of the network that are kept. */
const most = { files: 100, network: 50 }

export function createEffectRecorder({ profile, route }: Agent): EffectRecorder {
  const place = createDiskToolCallContext(profile.cwd)
  const files = new Map<string, FactStamp>()
  const network: RecapAgent['network'][number][] = []
  const unseen = new Map<string, FactStamp & { count: number }>()
  const understood = (call: AgentToolCall): ParsedToolCall =>
    parseToolCall(route.current.provider, call, place)
  const missed: EffectRecorder['missed'] = (what, { seq, at }) => {
    const known = unseen.get(what)
    unseen.set(what, known ? { ...known, count: known.count + 1 } : { seq, at, count: 1 })
  }
  return {
    missed,
    isCommand: (call) => understood(call).actions.some(({ type }) => type === 'run' || type === 'opaque'),
    made: (call, failed) => {
      const { seq, at, text } = call
      const { tool, actions } = understood(call)
      for (const action of actions) {
        if ((action.type === 'edit' || action.type === 'delete') && !failed) {
          const path = shownPath(action.path, place)
          files.delete(path)
          files.set(path, { seq, at })
        }
        const used = findNetworkUse(action)
        if (used) network.push({ seq, at, ...used, call: text })
        if (action.type === 'opaque') missed(action.why, call)
        if (action.type === 'mcp') missed(`what ${action.tool} did`, call)
      }
      if (actions.some(({ type }) => type === 'run') && !isPlainReading({ tool, actions }, place))
        missed('what programs did besides their command line says: files written, network used', call)
    },
    effects: () => {
      const changed = [...files].map(([path, fact]) => ({ path, ...fact }))
      return {
        files: changed.slice(-most.files),
        moreFiles: Math.max(0, changed.length - most.files),
        network: network.slice(-most.network),
        notSeen: [...unseen].map(([what, first]) => ({ what, ...first })),
      }
    },
  }
}

/** Whether a tool call only reads, so that the preset `read-only` allows it. */
function isPlainReading(call: ParsedToolCall, place: ToolCallContext): boolean {
  const policy = { preset: 'read-only', rules: noPermissionRules, testCommands: [] } as const
  return decideToolCall(policy, call, place).verdict === 'allow'
}

/** Returns a path relative to the agent's folder if it is inside, otherwise unchanged. */
function shownPath(path: string, { cwd }: ToolCallContext): string {
  const inside = relative(cwd, path)
  return inside === '' || inside === '..' || inside.startsWith(`..${sep}`) ? path : inside
}
