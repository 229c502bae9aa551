import { tokenCount, type AgentDefinition } from '@subagent-mcp/definitions'

/** What a prompt weighs in tokens, as an estimate: in all, and what it is made of. */
export type PromptWeight = { tokens: number; parts: readonly PromptPart[] }

/** A skill, an expertise or the body. */
export type PromptPart = { type: 'skill' | 'expertise' | 'body'; name?: string; tokens: number }

/** Weighs a composed prompt; its parts come to a little less, as there are headings and the environment besides. */
export function promptWeight(
  { skills, expertise, body }: Pick<AgentDefinition, 'skills' | 'expertise' | 'body'>,
  prompt: string,
): PromptWeight {
  const parts: PromptPart[] = [
    ...skills.map(({ name, text }) => ({ type: 'skill' as const, name, tokens: tokenCount(text) })),
    ...expertise.map(({ name, text }) => ({ type: 'expertise' as const, name, tokens: tokenCount(text) })),
    { type: 'body', tokens: tokenCount(body) },
  ]
  return { tokens: tokenCount(prompt), parts }
}
