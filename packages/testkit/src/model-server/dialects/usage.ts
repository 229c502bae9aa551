import { isContentStep, type ContentStep, type Reply, type TokenUsage } from '../step.js'

/** The number of tokens in a text, at four characters per token. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / 4)
}

/** Computes the token usage of a reply, unless its script sets another one. */
export function computeUsage({ steps, usage }: Reply, prompt: string, cachedTokens: number): TokenUsage {
  const written = steps.filter(isContentStep).map((step) => countTokens(stepText(step)))
  const inputTokens = usage.inputTokens ?? countTokens(prompt)
  return {
    inputTokens,
    cachedTokens: Math.min(inputTokens, usage.cachedTokens ?? cachedTokens),
    outputTokens: usage.outputTokens ?? written.reduce((sum, tokens) => sum + tokens, 0),
  }
}

/** Returns the text of a reply's step as the model writes it. */
export function stepText(step: ContentStep): string {
  if (step.type !== 'tool') return step.text
  return typeof step.input === 'string' ? step.input : JSON.stringify(step.input)
}
