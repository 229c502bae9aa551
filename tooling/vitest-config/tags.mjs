import { natsSkipped } from '@subagent-mcp/testkit/find-nats-server'
import { existsSync } from 'node:fs'
import { inCheckout } from '../run/checkout.mjs'
import { isLocalRun } from '../run/is-desk.mjs'

/**
 * Tests that do not run everywhere, by their tag (packages/testkit/src/tags.ts). In CI a missing `nats-server` is a failure
 * and no reason to skip. A test with several tags runs only where each of them lets it.
 */
export const tags = [
  {
    name: 'thorough',
    description: 'long tests that repeat, often on another CLI, what others show: CI=true npm test runs them',
    ...(isLocalRun && { skip: true }),
  },
  {
    name: 'nats',
    description: 'tests that need nats-server: apt install nats-server, brew install nats-server',
    ...(natsSkipped() !== undefined && { skip: true }),
  },
  {
    name: 'acp-agents',
    description:
      'tests on opencode and qwen, which could not be installed: node e2e/acp-agents/install.mjs says why',
    ...(!existsSync(inCheckout('.tools/acp-agents/installed')) && { skip: true }),
  },
  {
    name: 'soak',
    description: 'tests that repeat on a slower CLI or server what other tests of CI show: npm run soak',
    ...(process.env['SOAK'] === undefined && { skip: true }),
  },
]
