import type { RepositoryColumn } from '@subagent-mcp/driver-kit'

/** What a repository can hold for Claude Code, and what becomes of it in a session of ours. e2e tries each cell. */
export const repositoryColumns: readonly [RepositoryColumn] = [
  {
    cli: 'Claude',
    version: '2.1.329',
    cells: {
      instructions: { outcome: 'given', where: '`CLAUDE.md`, `.claude/CLAUDE.md`, `CLAUDE.local.md`' },
      environment: { outcome: 'ignored', where: '`env` in `.claude/settings.json`, `settings.local.json`' },
      envFile: 'none',
      endpoint: { outcome: 'ignored', where: '`env`: `ANTHROPIC_BASE_URL`, `HTTPS_PROXY`' },
      signIn: { outcome: 'ignored', where: '`apiKeyHelper`, `awsAuthRefresh`, `awsCredentialExport`' },
      telemetry: { outcome: 'ignored', where: '`otelHeadersHelper`, `env`: `OTEL_*`' },
      display: { outcome: 'ignored', where: '`statusLine`, `fileSuggestion`' },
      discovery: 'none',
      hooks: { outcome: 'ignored', where: '`hooks`' },
      mcpServers: { outcome: 'ignored', where: '`.mcp.json`, `enableAllProjectMcpServers`' },
      plugins: { outcome: 'ignored', where: '`enabledPlugins`, `extraKnownMarketplaces`' },
      allowRules: { outcome: 'ignored', where: '`permissions.allow`, `defaultMode`, `sandbox`' },
      denyRules: { outcome: 'given', where: '`permissions.deny`' },
      askRules: { outcome: 'ignored', where: '`permissions.ask`', note: 'the preset says what asks' },
      folders: { outcome: 'ignored', where: '`permissions.additionalDirectories`' },
      model: { outcome: 'ignored', where: '`model`, `effortLevel`' },
      skills: { outcome: 'checked', where: '`.claude/skills`' },
      agents: { outcome: 'checked', where: '`.claude/agents`' },
      commands: { outcome: 'ignored', where: '`.claude/commands`' },
      styles: { outcome: 'ignored', where: '`outputStyle`, `.claude/output-styles`' },
      account: { outcome: 'ignored', where: '`forceLoginOrgUUID`, `cleanupPeriodDays`' },
      nearby: { outcome: 'ignored', where: '`.claude` of a parent folder, nested folder or worktree' },
    },
  },
]
