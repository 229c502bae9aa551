import { soakOnly, thorough } from '@subagent-mcp/testkit'
import { test } from 'vitest'

export type Provider = 'claude' | 'codex' | 'gemini'

const providers: readonly Provider[] = ['claude', 'codex', 'gemini']

/** On which CLIs a test runs at a desk, and on which only in the soak. On the others it runs in CI. */
type Where = { locally: readonly Provider[]; inSoak?: readonly Provider[] }

/** A test on each real CLI, whose name takes the place of `%s` in the title. */
export function testOnEach(
  title: string,
  { locally, inSoak = [] }: Where,
  run: (provider: Provider) => Promise<void>,
): void {
  for (const provider of providers) {
    const tags = inSoak.includes(provider) ? soakOnly : locally.includes(provider) ? {} : thorough
    test(title.replace('%s', provider), tags, () => run(provider))
  }
}
