import { join, resolve, sep } from 'node:path'
import { findDeniedToolKind, type HookedHost } from './direct-tools.js'
import { toolDenialTexts, orchestrationDirective, orchestrationReminder } from './directives.js'
import { waitForAgentsInstruction, type HookEvent } from './hook-event.js'
import type { StoredOrchestrationMode } from './mode-file.js'
import type { UnreadReports } from './unread-reports.js'
import type { WaitingMail } from './waiting-mail.js'

/** The answer that a hook prints for its host: text for the host's model, or a denied tool call. Every host with hooks understands both. */
export type HookAnswer =
  | { hookSpecificOutput: { hookEventName: string; additionalContext: string } }
  | { decision: 'block'; reason: string }

export type HookAnswerInput = {
  event: HookEvent
  /** The orchestration mode of the project; undefined when it is off. */
  mode: StoredOrchestrationMode | undefined
  environment: NodeJS.ProcessEnv
  /** Whether the session was given the directive of orchestration mode since the mode was turned on. */
  told: boolean
  /** Waiting mail that the session has had no notice of. */
  news: WaitingMail | undefined
  /** Waiting reports of agents, some of which the session has had no notice of. */
  reports: UnreadReports | undefined
}

/** Returns the hook's answer to an event: directives of the mode and notices of mail and reports, or a denial alone; `undefined` for none. */
export function answerHookEvent(question: HookAnswerInput): HookAnswer | undefined {
  const { event, mode, environment, told, news, reports } = question
  if (isSubAgentEvent(event, environment)) return undefined
  const denied = mode && event.kind === 'tool' ? denial(event, environment) : undefined
  if (denied) return denied
  const words = [
    mode && modeWords(event, told),
    news && formatMailNotice(news),
    reports && formatReportNotice(reports),
  ].filter((text) => text !== undefined)
  if (words.length === 0) return undefined
  return { hookSpecificOutput: { hookEventName: event.name, additionalContext: words.join('\n\n') } }
}

/** Whether an event comes from a sub-agent: an agent of subagent-mcp has a mark in its environment, and a host reports its own sub-agents in the event. */
export function isSubAgentEvent({ isSubAgent }: HookEvent, environment: NodeJS.ProcessEnv): boolean {
  return isSubAgent || Number(environment['SUBAGENT_MCP_DEPTH']) >= 1
}

function modeWords({ kind }: HookEvent, told: boolean): string | undefined {
  if (kind === 'session') return orchestrationDirective
  return kind === 'prompt' ? (told ? orchestrationReminder : orchestrationDirective) : undefined
}

/** The notice of waiting mail for a host's model. It never has the text of a message, because a model trusts what a hook says. */
export function formatMailNotice({ name, waiting, from }: WaitingMail): string {
  const messages = waiting === 1 ? '1 message waits' : `${waiting} messages wait`
  const senders = from.length > 0 ? ` from ${from.join(', ')}` : ''
  return `${messages} for you (${name})${senders}: call \`sync\` of subagent-mcp to read ${waiting === 1 ? 'it' : 'them'}.`
}

/** The notice of reports for a host's model. It never has an agent's words or name, because a model trusts what a hook says. */
export function formatReportNotice({
  finished,
  asking,
}: Record<keyof UnreadReports, readonly unknown[]>): string {
  const counts = [
    ...(finished.length > 0 ? [`${count(finished, 'sub-agent has', 'sub-agents have')} finished`] : []),
    ...(asking.length > 0 ? [`${count(asking, 'sub-agent asks', 'sub-agents ask')} for permission`] : []),
  ]
  return `${counts.join(' and ')}: ${waitForAgentsInstruction}, which returns what they report.`
}

function count({ length }: readonly unknown[], one: string, more: string): string {
  return `${length} ${length === 1 ? one : more}`
}

type ToolEvent = HookEvent & { kind: 'tool' }

function denial(event: ToolEvent, environment: NodeJS.ProcessEnv): HookAnswer | undefined {
  const kind = findDeniedToolKind(event.host, event.tool)
  if (kind === undefined || (kind === 'edit' && isPlan(event, environment))) return undefined
  return { decision: 'block', reason: toolDenialTexts[kind] }
}

/**
 * Whether a file is one in which a host keeps the plan of its plan mode, because planning is not denied. Claude Code in
 * that mode lets its model write no other file. A folder for plans inside the project does not count, because any folder
 * of the project may be set as one.
 */
function isPlan(
  { host, file, folders: [project = ''], isPlanning }: ToolEvent,
  environment: NodeJS.ProcessEnv,
): boolean {
  if (!file?.endsWith('.md')) return false
  const folder = plansFolder(host, environment)
  if (folder !== undefined && isBelow(resolve(project, file), folder) && !isBelow(folder, project))
    return true
  return host === 'claude' && isPlanning
}

function isBelow(path: string, folder: string): boolean {
  return folder !== '' && resolve(path).startsWith(resolve(folder) + sep)
}

/** The folder of a host's plan files; undefined for a host that has none. */
function plansFolder(host: HookedHost, environment: NodeJS.ProcessEnv): string | undefined {
  if (host === 'gemini') return environment['GEMINI_PLANS_DIR'] || undefined
  const { CLAUDE_CONFIG_DIR: moved, HOME: home = environment['USERPROFILE'] } = environment
  const claude = moved || (home && join(home, '.claude'))
  return host === 'claude' && claude ? join(claude, 'plans') : undefined
}
