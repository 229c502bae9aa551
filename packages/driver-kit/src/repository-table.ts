/**
 * Kinds of things that a repository can hold for a CLI which works in it, with the words of the first column of the table
 * in docs/permissions.md. A kind that only one CLI knows has a row all the same.
 */
export const repositoryThings = {
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

/** The name of a row. */
export type RepositoryThing = keyof typeof repositoryThings

/**
 * What becomes of a thing: `given` to the CLI, `checked` first and given where nothing in it runs, `ignored`, `refused`
 * (the launch fails and names the file and the key), or `unprevented`, because the CLI has no way to switch it off.
 */
export type RepositoryOutcome = 'given' | 'checked' | 'ignored' | 'refused' | 'unprevented'

/** A cell of the table: files and keys of this CLI in Markdown, what becomes of them, and why or in which case. */
export type RepositoryCell = { outcome: RepositoryOutcome; where: string; note?: string }

/** A column of the table: a CLI by the name of its driver, the version that was tried, and a cell for each row; `none` where the CLI has no such thing. */
export type RepositoryColumn = {
  cli: string
  version: string
  cells: Readonly<Record<RepositoryThing, RepositoryCell | 'none'>>
}
