import { findAgentFailure, describeLaunchAttempt, type Agent } from '@subagent-mcp/core'
import { formatCandidate } from '@subagent-mcp/routing'

/** Describes the candidates that failed before the current one, and the differences between the launch and its options. */
export function describeFailedCandidates(agent: Agent): string[] {
  const { attempts, current } = agent.route
  // The final error of a launch already names every candidate.
  const told = findAgentFailure(agent)?.reason === 'no-candidate-left'
  const tried = attempts.filter((attempt) => attempt.tried && !told)
  const lines = tried.map((attempt, index) => {
    const next = formatCandidate(tried[index + 1]?.candidate ?? current)
    const became = formatCandidate(attempt.candidate) === next ? 'tried again after' : 'moved on from'
    return `${became} ${describeLaunchAttempt(attempt)}`
  })
  return [...lines, ...describeLaunchNotes(agent.notes)]
}

/** Formats the notes on differences between a launch and its options. */
export function describeLaunchNotes(notes: readonly string[]): string[] {
  return notes.map((note) => `note: ${note}`)
}

/** Describes the providers that a launch skipped because of a limit or a budget of their account. */
export function describeSkippedProviders({ route }: Agent): string[] {
  const limited = route.attempts.filter(
    ({ tried, failure }) =>
      !tried && (failure.reason === 'rate-limited' || failure.reason === 'budget-spent'),
  )
  return [
    ...new Set(limited.map(({ candidate, failure }) => `skipped ${candidate.provider}: ${failure.message}`)),
  ]
}
