import { directKind } from '@subagent-mcp/installer'
import type { WaitingMail } from '../mail/mail-file.js'
import type { ModeEntry } from '../mode/mode-file.js'
import { denials, directive, reminder } from './directive.js'
import type { HookEvent } from './hook-event.js'
import { isPlan } from './is-plan.js'
import { mailWords } from './mail-words.js'

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
  /** Mail that the session has not been told of. */
  news: WaitingMail | undefined
}

/** What orchestration mode and waiting mail have to say to an event; undefined for nothing. A denial says nothing else. */
export function answerEvent({ event, mode, environment, told, news }: Question): Answer | undefined {
  if (isSubAgent(event, environment)) return undefined
  const denied = mode && event.kind === 'tool' ? denial(event, environment) : undefined
  if (denied) return denied
  const words = [mode && modeWords(event, told), news && mailWords(news)].filter((text) => text !== undefined)
  if (words.length === 0) return undefined
  return { hookSpecificOutput: { hookEventName: event.name, additionalContext: words.join('\n\n') } }
}

/** Ours has a mark in the environment; a host says of its own that it is one. */
function isSubAgent({ isSubAgent }: HookEvent, environment: NodeJS.ProcessEnv): boolean {
  return isSubAgent || Number(environment['SUBAGENT_MCP_DEPTH']) >= 1
}

function modeWords({ kind }: HookEvent, told: boolean): string | undefined {
  if (kind === 'session') return directive
  return kind === 'prompt' ? (told ? reminder : directive) : undefined
}

function denial(event: HookEvent & { kind: 'tool' }, environment: NodeJS.ProcessEnv): Answer | undefined {
  const kind = directKind(event.host, event.tool)
  if (kind === undefined || (kind === 'edit' && isPlan(event, environment))) return undefined
  return { decision: 'block', reason: denials[kind] }
}
