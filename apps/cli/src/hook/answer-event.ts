import { directKind } from '@subagent-mcp/installer'
import type { ModeEntry } from '../mode/mode-file.js'
import { denials, directive, reminder } from './directive.js'
import type { HookEvent } from './hook-event.js'
import { isPlan } from './is-plan.js'

/** What hosts take for words to their model, and for a denied call: each of them understands both. */
export type Answer =
  | { hookSpecificOutput: { hookEventName: string; additionalContext: string } }
  | { decision: 'block'; reason: string }

/** An event and all that is known of its project and session. */
export type Question = {
  event: HookEvent
  /** Undefined where it is off. */
  mode: ModeEntry | undefined
  environment: NodeJS.ProcessEnv
  /** Whether the session has been given the directive since then. */
  told: boolean
}

/** What orchestration mode has to say to an event; undefined for nothing. */
export function answerEvent({ event, mode, environment, told }: Question): Answer | undefined {
  if (mode === undefined || isSubAgent(event, environment)) return undefined
  if (event.kind === 'tool') return denial(event, environment)
  const additionalContext = event.kind === 'prompt' && told ? reminder : directive
  return { hookSpecificOutput: { hookEventName: event.name, additionalContext } }
}

/** Ours has a mark in the environment; a host says of its own that it is one. */
function isSubAgent({ isSubAgent }: HookEvent, environment: NodeJS.ProcessEnv): boolean {
  return isSubAgent || Number(environment['SUBAGENT_MCP_DEPTH']) >= 1
}

function denial(event: HookEvent & { kind: 'tool' }, environment: NodeJS.ProcessEnv): Answer | undefined {
  const kind = directKind(event.host, event.tool)
  if (kind === undefined || (kind === 'edit' && isPlan(event, environment))) return undefined
  return { decision: 'block', reason: denials[kind] }
}
