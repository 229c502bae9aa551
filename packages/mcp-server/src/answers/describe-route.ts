import { agentFailure, describeAttempt, type Agent } from '@subagent-mcp/core'
import { candidateName } from '@subagent-mcp/routing'

/** How an agent came to its candidate: those that were tried before it, and what is not as it was asked for. */
export function describeRoute(agent: Agent): string[] {
  const { attempts, current } = agent.route
  // An error that names every candidate says it all.
  const told = agentFailure(agent)?.reason === 'no-candidate-left'
  const tried = attempts.filter((attempt) => attempt.tried && !told)
  const lines = tried.map((attempt, index) => {
    const next = candidateName(tried[index + 1]?.candidate ?? current)
    const became = candidateName(attempt.candidate) === next ? 'tried again after' : 'moved on from'
    return `${became} ${describeAttempt(attempt)}`
  })
  return [...lines, ...describeNotes(agent.notes)]
}

/** What is not as it was asked for. */
export function describeNotes(notes: readonly string[]): string[] {
  return notes.map((note) => `note: ${note}`)
}
