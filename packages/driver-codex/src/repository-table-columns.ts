import type { RepositoryTableColumn } from '@subagent-mcp/driver-kit'

/** The columns of the repository table in docs/permissions.md for Codex. e2e tests each cell. */
export const repositoryTableColumns: readonly [RepositoryTableColumn] = [
  {
    cli: 'Codex',
    version: '0.169.0',
    cells: {
      instructions: { outcome: 'given', where: '`AGENTS.md`, `AGENTS.override.md`, up to the root' },
      environment: { outcome: 'ignored', where: '`shell_environment_policy` in `.codex/config.toml`' },
      envFile: { outcome: 'ignored', where: '`.env`, `.codex/.env`' },
      endpoint: { outcome: 'ignored', where: '`model_providers`, `openai_base_url`, `chatgpt_base_url`' },
      signIn: { outcome: 'ignored', where: '`model_providers.*.auth`' },
      telemetry: { outcome: 'ignored', where: '`otel`' },
      display: { outcome: 'ignored', where: '`notify`' },
      discovery: 'none',
      schedules: 'none',
      runtime: 'none',
      hooks: { outcome: 'ignored', where: '`hooks`, `.codex/hooks.json`' },
      mcpServers: { outcome: 'ignored', where: '`mcp_servers`, also those that a skill asks for' },
      plugins: { outcome: 'ignored', where: '`.agents/plugins`, `features.plugins`' },
      allowRules: { outcome: 'ignored', where: '`approval_policy`, `sandbox_mode`, `.codex/rules`' },
      denyRules: { outcome: 'ignored', where: '`.codex/rules`' },
      askRules: { outcome: 'ignored', where: '`.codex/rules`' },
      folders: { outcome: 'ignored', where: '`sandbox_workspace_write.writable_roots`' },
      model: { outcome: 'ignored', where: '`model`, `model_provider`' },
      skills: { outcome: 'given', where: '`.codex/skills`, `.agents/skills`', note: 'as text' },
      agents: { outcome: 'ignored', where: '`.codex/agents`' },
      commands: { outcome: 'ignored', where: '`.codex/prompts`' },
      styles: { outcome: 'ignored', where: '`developer_instructions`' },
      account: { outcome: 'ignored', where: '`forced_login_method`' },
      nearby: { outcome: 'ignored', where: '`.codex` of a parent folder' },
    },
  },
]
