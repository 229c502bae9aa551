import { SubagentError } from '@subagent-mcp/contract'

export type DefinitionFileProblem = { line: number; message: string; hint: string }

/** The error for a file, which lists each problem as `path:line: message`. */
export function createInvalidDefinitionFileError(
  path: string,
  problems: readonly DefinitionFileProblem[],
  cause?: unknown,
): SubagentError {
  const message = problems.map((problem) => `${path}:${problem.line}: ${problem.message}`).join('; ')
  const hint = [...new Set(problems.map((problem) => problem.hint))].join('; ')
  return new SubagentError('definition-invalid', message, { hint, cause })
}
