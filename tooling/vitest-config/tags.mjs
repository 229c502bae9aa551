import { natsSkipped } from '@subagent-mcp/testkit/find-nats-server'
import { existsSync } from 'node:fs'
import { inCheckout } from '../run/checkout.mjs'
import { isLocalRun } from '../run/environment.mjs'

/**
 * The tags of tests that do not run everywhere (packages/testkit/src/tags.ts), with the condition that skips them here and
 * the reason that `npm test` prints. In CI a missing `nats-server` fails the tests instead of skipping them. A test with
 * several tags is skipped when one of them is.
 */
export const tags = [
  {
    name: 'thorough',
    description:
      'long tests that repeat what other tests show, often on another CLI: run them with CI=true npm test',
    ...(isLocalRun && { skip: true }),
  },
  {
    name: 'nats',
    description: 'tests that need nats-server: apt install nats-server or brew install nats-server',
    ...(natsSkipped() !== undefined && { skip: true }),
  },
  {
    name: 'acp-agents',
    description:
      'tests on opencode and qwen, which are not installed: node e2e/acp-agents/install.mjs installs them',
    ...(!existsSync(inCheckout('.tools/acp-agents/installed')) && { skip: true }),
  },
  {
    name: 'soak',
    description:
      'tests that repeat on a slower CLI or server what other tests show: run them with npm run soak',
    ...(process.env['SOAK'] === undefined && { skip: true }),
  },
]
