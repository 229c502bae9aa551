import { thorough } from '@subagent-mcp/testkit'
import { test } from 'vitest'

export type Provider = 'claude' | 'codex' | 'gemini'

const providers: readonly Provider[] = ['claude', 'codex', 'gemini']

/** A test on each real CLI, which `%s` in the title stands for. At a desk it runs on those that are named alone. */
export function testOnEach(
  title: string,
  { atDesk, timeout }: { atDesk: readonly Provider[]; timeout?: number },
  run: (provider: Provider) => Promise<void>,
): void {
  for (const provider of providers) {
    const options = { ...(!atDesk.includes(provider) && thorough), ...(timeout !== undefined && { timeout }) }
    test(title.replace('%s', provider), options, () => run(provider))
  }
}
