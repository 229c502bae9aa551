/**
 * The layers of the repository, lowest first. A package may depend on packages in the layers below its own, and on
 * none in its own layer.
 */
export const layers: readonly (readonly string[])[] = [
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
    '@subagent-mcp/client',
    '@subagent-mcp/orchestration',
    '@subagent-mcp/worktree',
  ],
  [
    '@subagent-mcp/mcp-server',
    '@subagent-mcp/worker',
    '@subagent-mcp/installer',
    '@subagent-mcp/mailbox-sqlite',
    '@subagent-mcp/mailbox-nats',
  ],
  ['@subagent-mcp/runtime', '@subagent-mcp/dashboard'],
  ['@subagent-mcp/daemon'],
  ['subagent-mcp'],
]

/** Packages in lower layers that a package must not import, because it uses them through an interface that it is given. */
export const forbiddenDependencies: Readonly<Record<string, readonly string[]>> = {
  '@subagent-mcp/mcp-server': [
    '@subagent-mcp/driver-kit',
    '@subagent-mcp/driver-claude',
    '@subagent-mcp/driver-codex',
    '@subagent-mcp/driver-acp',
    '@subagent-mcp/journal',
  ],
}

/** The only packages from outside the repository that the lowest layer may depend on. */
export const lowestLayerDependencies: readonly string[] = ['zod']

/** The testkit package, only for development. It may import those in `sees`; all others may have it in devDependencies. */
export const testkit = {
  name: '@subagent-mcp/testkit',
  sees: ['@subagent-mcp/contract', '@subagent-mcp/driver-kit'],
}

/** Packages that stand outside the layers: they may import every package, and no package may import them. */
export const packagesOutsideLayers: readonly string[] = [
  'subagent-mcp-monorepo',
  '@subagent-mcp/e2e',
  '@subagent-mcp/bench',
  '@subagent-mcp/example-client-three-agents',
  '@subagent-mcp/example-custom-driver',
  '@subagent-mcp/example-embed-runtime',
  '@subagent-mcp/example-trace-agents',
  '@subagent-mcp/example-mailbox-only',
  '@subagent-mcp/example-wire-one-host',
]

/** The folder of the packages that every package may have in devDependencies. */
export const toolingFolder = 'tooling/'
