import { Budget } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import { getUserConfigFolder } from '@subagent-mcp/definitions'
import { AcpAgentConfig } from '@subagent-mcp/driver-acp'
import { join } from 'node:path'
import { z } from 'zod'
import { findAccountIssues, Accounts, resolveAccounts } from './account-settings.js'
import { PermissionSettings, ConfigPermissionPreset } from './permission-settings.js'
import { readJsoncFile, type JsoncFile } from './jsonc-file.js'
import { MailboxSettings, findMailboxFileIssues, resolveMailboxPaths } from './mailbox-settings.js'
import { NotifySettings } from './notify-settings.js'
import { findWorktreeFolderIssues, WorktreeSettings } from './worktree-settings.js'

const taken = ['claude', 'codex', 'gemini']

const Count = z.int().min(1).max(10_000)
/** A number of minutes, at most a week, because a timer cannot wait longer than 24 days. */
const Minutes = z.number().positive().max(10_080)

const Percent = z.number().min(0).max(100)

/** Limits on agents that run in parallel. */
const Limits = z.strictObject({
  maxTurns: Count.default(20).describe('Turns that run in parallel. More are queued.'),
  maxTurnsPerProvider: Count.default(5).describe('Turns of one provider that run in parallel.'),
  maxProcesses: Count.default(20).describe('Processes of CLIs.'),
  maxDepth: Count.default(1).describe(
    'How deep agents may launch agents: 1 lets hosts launch, 2 their agents too.',
  ),
  launchesPerMinute: Count.default(60).describe('Launches per minute. More are refused.'),
  freeMemoryMegabytes: z.number().min(0).default(512).describe('No process starts with less free memory.'),
})

const Daemon = z.strictObject({
  idleExitMinutes: Minutes.default(30).describe(
    'The daemon exits after this time without agents and connections.',
  ),
  drainSeconds: z
    .number()
    .min(0)
    .max(3600)
    .default(10)
    .describe('How long running turns may continue when the daemon is stopped.'),
  blockedSeconds: z
    .number()
    .min(15)
    .max(86_400)
    .default(60)
    .describe('A daemon with workers that stands still for this long is killed, and the next one starts.'),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .exactOptional()
    .describe(
      'A port on loopback for the HTTP API, and for MCP at /mcp. Without it there is only the local socket.',
    ),
})

const Journal = z.strictObject({
  keepDays: z
    .number()
    .positive()
    .default(30)
    .describe('How long ended agents, and entries of the audit log, are kept.'),
  maxMegabytes: z
    .number()
    .min(1)
    .default(64)
    .describe(
      'The size up to which ended agents are kept. The audit log has at most 512 entries per MB, and 100,000 in all; entries of calls that the policy allowed are deleted first.',
    ),
})

/** Settings of turns that a host starts by itself because agents have finished or ask. */
const Wake = z.strictObject({
  maxTurns: z
    .int()
    .min(0)
    .max(10_000)
    .default(10)
    .describe(
      'Turns that a host session may begin by itself because agents finished or ask, since a person last typed. After that, results wait for the next prompt. 0: none.',
    ),
  codex: z
    .boolean()
    .exactOptional()
    .describe(
      'Whether an idle Codex session is woken, by a message that Codex shows as yours. Without it no session is woken, and setup asks.',
    ),
})

/** Defaults for the warm processes of an agent. Its definition may set other values. */
const Pool = z.strictObject({
  max: Count.default(4).describe('Processes of one agent in parallel. More tasks are queued.'),
  recycleAfterTasks: Count.exactOptional().describe(
    'Tasks after which a process is replaced. Without it: claude 100, codex 1000, gemini 40.',
  ),
  recycleAfterMinutes: Minutes.default(60).describe('The age at which a process is replaced.'),
  recycleAboveMegabytes: z
    .number()
    .positive()
    .exactOptional()
    .describe(
      'The resident memory (in MB of 1024² bytes) above which a process is replaced. Without it: 400, gemini 600.',
    ),
  idleMinutes: Minutes.default(10).describe('A warm process ends after this time without tasks.'),
})

/** Limits on the tokens, cost and time of agents. */
const Budgets = z.strictObject({
  unattended: z
    .strictObject({
      minutes: Minutes.default(60).describe(
        'Minutes of work of an agent that `run` launches without a person at the terminal, and of each line of a batch.',
      ),
    })
    .prefault({}),
  day: z
    .record(z.string(), Budget.omit({ minutes: true }))
    .default({})
    .describe(
      'What agents may use of each account on one local day, by the name of the account; the name of a provider stands for its default account. As in {"codex": {"tokens": 5000000}, "claude": {"usd": 20}}.',
    ),
  reserve: z
    .record(z.string(), z.union([Percent, z.record(z.string(), Percent)]))
    .default({})
    .describe(
      'Percent of an account\'s limits that agents leave to you, of each limit or by its name. As in {"codex": {"seven_day": 30}, "claude": 10}.',
    ),
})

/** Settings of the commands that check the work of agents. */
const Checks = z.strictObject({
  minutes: Minutes.default(10).describe('Time limit of each command that checks a result.'),
})

/** The user's `config.jsonc`. Projects have none, because it can name commands to run. The descriptions are in docs/configuration.md. */
export const UserConfig = z.strictObject({
  $schema: z.string().exactOptional().describe('The JSON Schema of this file, for completion in an editor.'),
  acpAgents: z
    .array(AcpAgentConfig)
    .superRefine(checkIds)
    .default([])
    .describe('Further agents that speak ACP, as in [{"id": "goose", "command": "goose", "args": ["acp"]}].'),
  accounts: Accounts.default({}).describe(
    'Further accounts of claude, codex or gemini by name, as in {"work": {"provider": "claude", "folder": "~/.claude-work"}}.',
  ),
  limits: Limits.prefault({}),
  budgets: Budgets.prefault({}),
  idleCloseMinutes: Minutes.default(10).describe(
    'The process of an idle agent ends after this time. A message resumes its session.',
  ),
  onHostExit: z
    .enum(['keep', 'kill'])
    .default('keep')
    .describe('Whether agents are kept or killed when their host ends.'),
  daemon: Daemon.prefault({}),
  journal: Journal.prefault({}),
  pool: Pool.prefault({}),
  wake: Wake.prefault({}),
  mailbox: MailboxSettings.prefault({}),
  notify: NotifySettings.prefault({}),
  worktree: WorktreeSettings.prefault({}),
  checks: Checks.prefault({}),
  traceHosts: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Hosts to which traces may be sent, by name or address, as in `["collector.example"]`. This machine is always allowed.',
    ),
  approvedGates: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'Commands that projects propose as checks and you approved: their hash by the path of the file. The refused launch says what to put here.',
    ),
  tools: z
    .enum(['usable', 'all'])
    .default('usable')
    .describe('The tools that hosts are offered: those that they can use now, or all.'),
  ceiling: ConfigPermissionPreset.default('accept-edits').describe('The most that a host may give an agent.'),
  permissions: PermissionSettings.prefault({}),
  bypassPermissions: z
    .array(z.string().min(1))
    .default([])
    .describe(
      "Agents whose definition may turn off all permission checks: by name for your own definitions, by the file's path for one in a project.",
    ),
  definitionVariables: z
    .record(z.string(), z.array(z.string().min(1)))
    .default({})
    .describe(
      "Variables of your environment that a project's definition gets if its `env` names them: lists of names by the path of its file. Variables that change how programs start (PATH, LD_PRELOAD, NODE_OPTIONS, GIT_*, proxies, base URLs …) are never passed.",
    ),
})
export type UserConfig = z.infer<typeof UserConfig>

export function getConfigPath(environment: NodeJS.ProcessEnv): string {
  return join(getUserConfigFolder(environment), 'config.jsonc')
}

/** Reads the user's configuration; defaults without a file. @throws SubagentError that names the file and the line */
export function readUserConfig(environment: NodeJS.ProcessEnv): UserConfig {
  const path = getConfigPath(environment)
  const file = readJsoncFile(path)
  const config = UserConfig.safeParse(file?.value ?? {})
  if (!config.success) throw invalid(path, file, config.error.issues)
  const mailbox = resolveMailboxPaths(config.data.mailbox, environment)
  const accounts = resolveAccounts(config.data.accounts, environment)
  const issues = [
    ...findAccountIssues(accounts),
    ...findMailboxFileIssues(mailbox).map(({ key, message }) => ({ path: ['mailbox', key], message })),
    ...findWorktreeFolderIssues(config.data.worktree, environment),
  ]
  if (issues.length > 0) throw invalid(path, file, issues)
  return { ...config.data, accounts, mailbox }
}

/** Returns the configuration of a user without a `config.jsonc`. */
export function createDefaultConfig(): UserConfig {
  return UserConfig.parse({})
}

function checkIds(agents: readonly AcpAgentConfig[], context: z.RefinementCtx): void {
  for (const [index, { id }] of agents.entries()) {
    const isRepeated = agents.findIndex((agent) => agent.id === id) < index
    if (!isRepeated && !taken.includes(id)) continue
    const message = isRepeated ? `'${id}' is there twice` : `'${id}' is built in: take another id`
    context.addIssue({ code: 'custom', path: [index, 'id'], message })
  }
}

/** A mistake in the configuration. `keys`: the unknown keys, if there are some. */
type Issue = { path: readonly PropertyKey[]; message: string; keys?: readonly string[] }

function invalid(path: string, file: JsoncFile | undefined, issues: readonly Issue[]): SubagentError {
  const problems = issues.map((issue) => {
    const segments = issue.path.filter((segment) => typeof segment !== 'symbol')
    const name = segments.length > 0 ? `${z.core.toDotPath(segments)}: ` : ''
    // For an unknown key the error names the line of the key, not that of the object around it.
    const [surplus] = issue.keys ?? []
    const line = file?.lineOf(surplus === undefined ? segments : [...segments, surplus]) ?? 1
    return `${path}:${line}: ${name}${issue.message}`
  })
  const hint = `mend it there; it takes ${Object.keys(UserConfig.shape).slice(1).join(', ')}`
  return new SubagentError('config-invalid', problems.join('; '), { hint })
}
