import type { RepositoryTableColumn } from '@subagent-mcp/driver-kit'

/** The columns of the repository table in docs/permissions.md for Claude Code. e2e tests each cell. */
export const repositoryTableColumns: readonly [RepositoryTableColumn] = [
  {
    cli: 'Claude',
    version: '2.1.329',
    cells: {
      instructions: {
        outcome: 'given',
        where: '`CLAUDE.md`, `.claude/CLAUDE.md`, `.claude/rules`',
        note: 'no `CLAUDE.local.md`, and no link out of the repository',
      },
      environment: { outcome: 'ignored', where: '`env` in `.claude/settings.json`, `settings.local.json`' },
      envFile: 'none',
      endpoint: { outcome: 'ignored', where: '`env`: `ANTHROPIC_BASE_URL`, `HTTPS_PROXY`' },
      signIn: { outcome: 'ignored', where: '`apiKeyHelper`, `awsAuthRefresh`, `awsCredentialExport`' },
      telemetry: { outcome: 'ignored', where: '`otelHeadersHelper`, `env`: `OTEL_*`' },
      display: { outcome: 'ignored', where: '`statusLine`, `fileSuggestion`' },
      discovery: 'none',
      schedules: { outcome: 'ignored', where: '`.claude/scheduled_tasks.json`' },
      runtime: { outcome: 'ignored', where: '`bunfig.toml`, `package.json`' },
      hooks: { outcome: 'ignored', where: '`hooks`' },
      mcpServers: {
        outcome: 'ignored',
        where: '`.mcp.json`, `enableAllProjectMcpServers`',
        note: 'also where a launch names one of them',
      },
      plugins: { outcome: 'ignored', where: '`enabledPlugins`, `extraKnownMarketplaces`' },
      allowRules: { outcome: 'ignored', where: '`permissions.allow`, `defaultMode`, `sandbox`' },
      denyRules: { outcome: 'given', where: '`permissions.deny`' },
      askRules: { outcome: 'ignored', where: '`permissions.ask`', note: 'the preset says what asks' },
      folders: { outcome: 'ignored', where: '`permissions.additionalDirectories`' },
      model: { outcome: 'ignored', where: '`model`, `effortLevel`' },
      skills: { outcome: 'checked', where: '`.claude/skills`', note: 'the model is told the file to read' },
      agents: { outcome: 'checked', where: '`.claude/agents`' },
      commands: { outcome: 'ignored', where: '`.claude/commands`' },
      styles: { outcome: 'ignored', where: '`outputStyle`, `.claude/output-styles`' },
      account: { outcome: 'ignored', where: '`forceLoginOrgUUID`, `cleanupPeriodDays`' },
      nearby: { outcome: 'ignored', where: '`.claude` of a parent folder, nested folder or worktree' },
    },
  },
]
