import { formatToolCallWithInput, listOpenQuestions, type Agent, type DurableFact } from '@subagent-mcp/core'
import type { Environment } from '@subagent-mcp/driver-kit'
import { isMissingFileError, SubagentError } from '@subagent-mcp/contract'
import { maskSecrets } from '@subagent-mcp/permissions'
import { readAgentFacts, joinTaskTexts } from '../agents/read-agent-facts.js'
import { collectChanges } from '../changes/collect-changes.js'
import type { RuntimeState } from '../state/runtime-state.js'

/** The most characters of each part of a hand-over message. Of long work the newest part is kept. */
const longest = { task: 20_000, done: 12_000, diff: 30_000, call: 200 } as const

type PacketParts = { agent: Agent; history: RuntimeState['history']; environment: Environment }

/**
 * Writes the message with which another candidate takes over an agent's work: the task, what was done so far in short, the
 * uncommitted changes if the folder is in a git repository, and open questions. Secrets are masked, because another vendor reads it.
 */
export async function writeHandOverMessage({ agent, history, environment }: PacketParts): Promise<string> {
  const facts = readAgentFacts(history, agent.profile.id)
  const questions = listOpenQuestions(agent).map(({ tool, input }) =>
    formatToolCallWithInput({ tool, input }),
  )
  const parts = [
    'Automatic notice: another agent began this task in this folder and was cut off by a limit of its provider. Take it over: check what is done, and finish it.',
    `# Task\n${tail(joinTaskTexts(facts), longest.task)}`,
    `# Done so far\n${tail(facts.flatMap(workLine).join('\n'), longest.done) || 'nothing that is known'}`,
    `# Uncommitted changes\n${await diffOf(agent.profile.cwd, environment)}`,
    ...(questions.length > 0 ? [`# Open questions\n${questions.join('\n')}`] : []),
  ]
  return maskSecrets(parts.join('\n\n'))
}

function workLine(fact: DurableFact): string[] {
  if (fact.type !== 'session-event-received') return []
  const { event } = fact
  if (event.type === 'message-ended') return [event.text]
  return event.type === 'tool-started'
    ? [`- ${formatToolCallWithInput(event).slice(0, longest.call).toWellFormed()}`]
    : []
}

/** The uncommitted changes as data, without files that may be credentials, because another provider gets them. */
async function diffOf(folder: string, environment: Environment): Promise<string> {
  try {
    return await collectChanges({ changes: 'uncommitted', folder, environment, longest: longest.diff })
  } catch (error) {
    if (error instanceof SubagentError) return `not known: ${error.message}`
    if (isMissingFileError(error)) return `not known: ${folder} is gone`
    throw error
  }
}

function tail(text: string, most: number): string {
  return text.length > most ? `… ${text.slice(-most).toWellFormed()}` : text
}
