import { SubagentError } from '@subagent-mcp/contract'

/** Something that is wrong in a file, and what to do about it. */
export type Problem = { line: number; message: string; hint: string }

/** The error that tells each problem of a file as `path:line: what is wrong`. */
export function invalidFile(path: string, problems: readonly Problem[], cause?: unknown): SubagentError {
  const message = problems.map((problem) => `${path}:${problem.line}: ${problem.message}`).join('; ')
  const hint = [...new Set(problems.map((problem) => problem.hint))].join('; ')
  return new SubagentError('definition-invalid', message, { hint, cause })
}
