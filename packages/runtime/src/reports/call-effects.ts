import type { RecapAgent } from '@subagent-mcp/api'
import type { Agent } from '@subagent-mcp/core'
import {
  createDiskCallPlace,
  decideToolCall,
  networkUse,
  noRules,
  understandCall,
  type CallPlace,
  type UnderstoodCall,
} from '@subagent-mcp/permissions'
import { relative, sep } from 'node:path'

/** The number and the time of a fact. */
export type FactPlace = { seq: number; at: number }

/** A tool call that an agent made, with the fact of its start and its text in one line. */
export type MadeCall = FactPlace & { tool: string; input: unknown; text: string }

/** The effects that can be read from calls, and in `notSeen` what cannot. */
export type Effects = Pick<RecapAgent, 'files' | 'moreFiles' | 'network' | 'notSeen'>

/** Collects the effects of an agent's calls. Files of its folder are looked at as they are now. */
export type EffectRecorder = {
  /** Whether the call runs a command, or something whose effect is not known. */
  isCommand(call: MadeCall): boolean
  /** Notes a call that was not refused. */
  made(call: MadeCall, failed: boolean): void
  /** Notes something that no fact tells. */
  missed(what: string, place: FactPlace): void
  effects(): Effects
}

/** The most files, by their last change, and uses of the network that are kept. */
const most = { files: 100, network: 50 }

export function recordEffects({ profile, route }: Agent): EffectRecorder {
  const place = createDiskCallPlace(profile.cwd)
  const files = new Map<string, FactPlace>()
  const network: RecapAgent['network'][number][] = []
  const unseen = new Map<string, FactPlace & { count: number }>()
  const understood = (call: MadeCall): UnderstoodCall => understandCall(route.current.provider, call, place)
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
        const used = networkUse(action)
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

/** Whether a call only reads, as the `read-only` preset allows. */
function isPlainReading(call: UnderstoodCall, place: CallPlace): boolean {
  const policy = { preset: 'read-only', rules: noRules, testCommands: [] } as const
  return decideToolCall(policy, call, place).verdict === 'allow'
}

/** A path relative to the agent's folder, if it is in it. */
function shownPath(path: string, { cwd }: CallPlace): string {
  const inside = relative(cwd, path)
  return inside === '' || inside === '..' || inside.startsWith(`..${sep}`) ? path : inside
}
