import { omitUndefined } from '@subagent-mcp/contract'
import type { RepositoryTableCell, RepositoryTableColumn } from '@subagent-mcp/driver-kit'

/** The cell text for files that need an untrusted folder, where Gemini and qwen start no MCP servers. */
const withoutServers = 'refused where the session needs MCP servers'
const ignored = (where: string, note?: string): RepositoryTableCell => ({
  ...{ outcome: 'ignored', where },
  ...omitUndefined({ note }),
})
const refused = (where: string): RepositoryTableCell => ({ outcome: 'refused', where })
const text = (where: string): RepositoryTableCell => ({ outcome: 'given', where, note: 'as text' })

const gemini: RepositoryTableColumn = {
  cli: 'Gemini',
  version: '0.61.0',
  cells: {
    instructions: { outcome: 'given', where: '`GEMINI.md`' },
    environment: 'none',
    envFile: ignored('`.env`, `.gemini/.env`', `\`.gemini/.env\`: ${withoutServers}`),
    endpoint: ignored('`.gemini/.env`: `GOOGLE_GEMINI_BASE_URL`', withoutServers),
    signIn: ignored('`security.auth` in `.gemini/settings.json`', withoutServers),
    telemetry: ignored('`telemetry`', withoutServers),
    display: 'none',
    discovery: ignored('`tools.discoveryCommand`, `tools.callCommand`, `mcp.serverCommand`', withoutServers),
    schedules: 'none',
    runtime: 'none',
    hooks: ignored('`hooks`, `hooksConfig`', `\`hooksConfig.enabled\`: ${withoutServers}`),
    mcpServers: ignored('`mcpServers`', 'refused where the session takes a server of this name, or all'),
    plugins: ignored('`.gemini/extensions`', withoutServers),
    allowRules: ignored(
      '`tools.allowed`, `defaultApprovalMode`, `adminPolicyPaths`, `.gemini/policies`',
      `all but \`tools.allowed\`: ${withoutServers}`,
    ),
    denyRules: { outcome: 'given', where: '`tools.exclude`, `tools.core`' },
    askRules: { outcome: 'given', where: '`tools.confirmationRequired`' },
    folders: ignored('`context.includeDirectories`', withoutServers),
    model: ignored('`model.name`'),
    skills: text('`.gemini/skills`, `.agents/skills`'),
    agents: ignored('`.gemini/agents`', 'until you accept one in Gemini'),
    commands: ignored('`.gemini/commands`'),
    styles: 'none',
    account: ignored('`general.sessionRetention`', withoutServers),
    nearby: ignored('`.env`, `.gemini/.env` of a parent folder'),
  },
}

const opencode: RepositoryTableColumn = {
  cli: 'opencode',
  version: '1.18.33',
  cells: {
    instructions: { outcome: 'given', where: '`AGENTS.md`' },
    environment: 'none',
    envFile: ignored('`.env`'),
    endpoint: refused('`provider` in `opencode.json`, `opencode.jsonc`'),
    signIn: 'none',
    telemetry: refused('`experimental`'),
    display: 'none',
    discovery: refused('`lsp`, `formatter`, `.opencode/tools`'),
    schedules: 'none',
    runtime: ignored('`bunfig.toml`'),
    hooks: refused('`.opencode/plugin`'),
    mcpServers: refused('`mcp`'),
    plugins: refused('`plugin`, `.opencode/plugin`'),
    allowRules: refused('`permission` that allows, `tools`'),
    denyRules: { outcome: 'given', where: '`permission` that denies' },
    askRules: { outcome: 'given', where: '`permission` that asks' },
    folders: 'none',
    model: { outcome: 'given', where: '`model`' },
    skills: text('`.claude/skills`, `.agents/skills`'),
    agents: refused('`agent`, `.opencode/agent`'),
    commands: refused('`command`, `.opencode/command`'),
    styles: refused('`instructions`'),
    account: refused('`share`, `enterprise`'),
    nearby: refused('`opencode.json`, `.opencode` of a parent folder'),
  },
}

const qwen: RepositoryTableColumn = {
  cli: 'qwen',
  version: '0.24.4',
  cells: {
    instructions: { outcome: 'given', where: '`QWEN.md`, else `AGENTS.md`' },
    environment: ignored('`env` in `.qwen/settings.json`', withoutServers),
    envFile: ignored('`.env`, `.qwen/.env`', withoutServers),
    endpoint: ignored('`env`: `HTTPS_PROXY`', withoutServers),
    signIn: ignored('`security.auth`', withoutServers),
    telemetry: ignored('`telemetry`', withoutServers),
    display: ignored('`ui.statusLine`', withoutServers),
    discovery: ignored('`tools.discoveryCommand`, `tools.callCommand`', withoutServers),
    schedules: 'none',
    runtime: 'none',
    hooks: ignored('`hooks`', withoutServers),
    mcpServers: ignored('`mcpServers`, `.mcp.json`', withoutServers),
    plugins: ignored('`.qwen/extensions`', withoutServers),
    allowRules: ignored('`permissions.allow`, `tools.approvalMode`', withoutServers),
    denyRules: ignored('`permissions.deny`', withoutServers),
    askRules: ignored('`permissions.ask`', withoutServers),
    folders: ignored('`context.includeDirectories`', withoutServers),
    model: ignored('`model.name`', withoutServers),
    skills: text('`.qwen/skills`'),
    agents: ignored('`.qwen/agents`', withoutServers),
    commands: ignored('`.qwen/commands`', withoutServers),
    styles: ignored('`.qwen/output-styles`', withoutServers),
    account: 'none',
    nearby: ignored('`.qwen`, `.mcp.json`, `.env` of a parent folder', withoutServers),
  },
}

const unknown: RepositoryTableCell = {
  outcome: 'unprevented',
  where: 'whatever it reads',
  note: 'we do not know its switches',
}

const others: RepositoryTableColumn = {
  cli: 'Other ACP agents',
  version: '(any)',
  cells: {
    ...{ instructions: unknown, environment: unknown, envFile: unknown, endpoint: unknown, signIn: unknown },
    ...{ telemetry: unknown, display: unknown, discovery: unknown, hooks: unknown, mcpServers: unknown },
    ...{ plugins: unknown, allowRules: unknown, denyRules: unknown, askRules: unknown, folders: unknown },
    ...{ model: unknown, skills: unknown, agents: unknown, commands: unknown, styles: unknown },
    ...{ account: unknown, nearby: unknown, schedules: unknown, runtime: unknown },
  },
}

/** The columns of the repository table in docs/permissions.md for agents over ACP. e2e tests each cell. */
export const repositoryTableColumns = [gemini, opencode, qwen, others] as const
