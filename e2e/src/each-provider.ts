import { thorough } from '@subagent-mcp/testkit'
import { test } from 'vitest'

export type Provider = 'claude' | 'codex' | 'gemini'

const providers: readonly Provider[] = ['claude', 'codex', 'gemini']

/** A test on each real CLI, which `%s` in the title stands for. At a desk it runs on those that are named alone. */
export function testOnEach(
  title: string,
  { atDesk }: { atDesk: readonly Provider[] },
  run: (provider: Provider) => Promise<void>,
): void {
  for (const provider of providers) {
    test(title.replace('%s', provider), atDesk.includes(provider) ? {} : thorough, () => run(provider))
  }
}
