/**
 * The floors of the house, from the ground up. A package may depend on those below its own floor, and on
 * none beside it.
 */
export const floors: readonly (readonly string[])[] = [
  ['@subagent-mcp/contract'],
  ['@subagent-mcp/api'],
  [
    '@subagent-mcp/journal',
    '@subagent-mcp/routing',
    '@subagent-mcp/definitions',
    '@subagent-mcp/permissions',
    '@subagent-mcp/driver-kit',
  ],
  [
    '@subagent-mcp/core',
    '@subagent-mcp/pool',
    '@subagent-mcp/driver-claude',
    '@subagent-mcp/driver-codex',
    '@subagent-mcp/driver-acp',
    '@subagent-mcp/mailbox',
    '@subagent-mcp/orchestration',
    '@subagent-mcp/client',
  ],
  ['@subagent-mcp/mcp-server', '@subagent-mcp/worker', '@subagent-mcp/installer'],
  ['@subagent-mcp/daemon'],
  ['subagent-mcp', '@subagent-mcp/dashboard'],
]

/** Below, yet not to be known: tools reach drivers and disk through the port that `compose.ts` fills. */
export const strangers: Readonly<Record<string, readonly string[]>> = {
  '@subagent-mcp/mcp-server': [
    '@subagent-mcp/driver-kit',
    '@subagent-mcp/driver-claude',
    '@subagent-mcp/driver-codex',
    '@subagent-mcp/driver-acp',
    '@subagent-mcp/journal',
  ],
}

/** What the ground floor may take from outside the house. */
export const groundDependencies: readonly string[] = ['zod']

/** Development only. It may see what is listed; all others may see it in devDependencies. */
export const testkit = {
  name: '@subagent-mcp/testkit',
  sees: ['@subagent-mcp/contract', '@subagent-mcp/driver-kit'],
}

/** Not part of the house: they look at it from outside and may see all of it. */
export const outside: readonly string[] = [
  'subagent-mcp-monorepo',
  '@subagent-mcp/e2e',
  '@subagent-mcp/bench',
  '@subagent-mcp/example-client-three-agents',
  '@subagent-mcp/example-wire-one-host',
]

/** Any package may have these in devDependencies. */
export const toolingFolder = 'tooling/'
