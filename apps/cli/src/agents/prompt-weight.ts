import { tokenCount, type AgentDefinition } from '@subagent-mcp/definitions'

export type PromptTokenEstimate = { tokens: number; parts: readonly PromptPartTokens[] }

/** The estimated tokens of a skill, of an expertise or of the body. */
export type PromptPartTokens = { type: 'skill' | 'expertise' | 'body'; name?: string; tokens: number }

/**
 * Estimates the tokens of an agent's prompt. The sum of the parts is smaller, because the prompt also has headings and the environment.
 */
export function estimatePromptTokens(
  { skills, expertise, body }: Pick<AgentDefinition, 'skills' | 'expertise' | 'body'>,
  prompt: string,
): PromptTokenEstimate {
  const parts: PromptPartTokens[] = [
    ...skills.map(({ name, text }) => ({ type: 'skill' as const, name, tokens: tokenCount(text) })),
    ...expertise.map(({ name, text }) => ({
      type: 'expertise' as const,
      name,
      tokens: tokenCount(text),
    })),
    { type: 'body', tokens: tokenCount(body) },
  ]
  return { tokens: tokenCount(prompt), parts }
}
