/**
 * The rows of the repository table in docs/permissions.md: kinds of files and settings that a repository can have for a CLI,
 * with the text of the first column. A kind that only one CLI knows has a row too.
 */
export const repositoryTableRows = {
  instructions: 'instructions for the model',
  environment: 'environment variables, also `PATH`, `LD_PRELOAD`, `NODE_OPTIONS`',
  envFile: 'a `.env` file',
  endpoint: 'address of the model API, proxy, certificates',
  signIn: 'programs that fetch keys or sign in',
  telemetry: 'telemetry, and programs for it',
  display: 'programs for the display: status line, file list, notifications',
  discovery: 'programs that list or call tools',
  schedules: 'prompts that are sent at set times',
  runtime: "files of the CLI's own language runtime",
  hooks: 'hooks',
  mcpServers: 'MCP servers',
  plugins: 'plugins, extensions, and the places they come from',
  allowRules: 'rules, modes and sandbox settings that allow calls',
  denyRules: 'rules that deny calls',
  askRules: 'rules that ask before calls',
  folders: 'further folders to work in',
  model: 'choice of model, provider and effort',
  skills: 'skills',
  agents: 'sub-agents',
  commands: 'slash commands',
  styles: 'output styles and system prompts',
  account: 'required account or organisation, how long transcripts are kept',
  nearby: 'the same in a parent folder, a nested folder, a worktree',
} as const

export type RepositoryTableRow = keyof typeof repositoryTableRows

/**
 * The outcome for a thing in a repository: `given` to the CLI; `checked`, and given when nothing in it runs; `ignored`;
 * `refused`: the launch fails and names the file and the key; `unprevented`: the CLI cannot switch it off.
 */
export type RepositoryTableOutcome = 'given' | 'checked' | 'ignored' | 'refused' | 'unprevented'

/** A cell of the repository table: the files and keys of a CLI in Markdown, their outcome, and a note on it. */
export type RepositoryTableCell = { outcome: RepositoryTableOutcome; where: string; note?: string }

/** A column of the repository table: a CLI, the version that was tried, and a cell for each row; `none` where the CLI has no such thing. */
export type RepositoryTableColumn = {
  cli: string
  version: string
  cells: Readonly<Record<RepositoryTableRow, RepositoryTableCell | 'none'>>
}
