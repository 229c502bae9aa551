import { soakOnly, thorough } from '@subagent-mcp/testkit'
import { test } from 'vitest'

export type Provider = 'claude' | 'codex' | 'gemini'

const providers: readonly Provider[] = ['claude', 'codex', 'gemini']

/** The CLIs on which a test also runs locally, and those on which it runs in the soak only. */
type Where = { locally: readonly Provider[]; inSoak?: readonly Provider[] }

/**
 * Declares a test for each real CLI, whose name replaces `%s` in the title. On a CLI in neither list, it is
 * `thorough`: it runs in CI and in the soak.
 */
export function testEachCli(
  title: string,
  { locally, inSoak = [] }: Where,
  run: (provider: Provider) => Promise<void>,
): void {
  for (const provider of providers) {
    const tags = inSoak.includes(provider) ? soakOnly : locally.includes(provider) ? {} : thorough
    test(title.replace('%s', provider), tags, () => run(provider))
  }
}
