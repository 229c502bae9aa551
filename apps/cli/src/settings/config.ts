import { Budget } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import { userConfigFolder } from '@subagent-mcp/definitions'
import { AcpAgent } from '@subagent-mcp/driver-acp'
import { join } from 'node:path'
import { z } from 'zod'
import { accountIssues, Accounts, resolveAccounts } from './account-settings.js'
import { PermissionSettings, ConfigPermissionPreset } from './permission-settings.js'
import { readJsoncFile, type JsoncFile } from './jsonc-file.js'
import { MailboxSettings, mailboxFileIssues, resolveMailboxPaths } from './mailbox-settings.js'
import { NotifySettings } from './notify-settings.js'
import { worktreeFolderIssues, WorktreeSettings } from './worktree-settings.js'

const taken = ['claude', 'codex', 'gemini']

const Count = z.int().min(1).max(10_000)
/** A number of minutes, at most a week, because a timer cannot wait longer than 24 days. */
const Minutes = z.number().positive().max(10_080)

const Percent = z.number().min(0).max(100)

/** Limits on agents that run in parallel. The README explains each limit. */
const Limits = z.strictObject({
  maxTurns: Count.default(20),
  maxTurnsPerProvider: Count.default(5),
  maxProcesses: Count.default(20),
  maxDepth: Count.default(1),
  launchesPerMinute: Count.default(60),
  freeMemoryMegabytes: z.number().min(0).default(512),
})

const Daemon = z.strictObject({
  idleExitMinutes: Minutes.default(30),
  drainSeconds: z.number().min(0).max(3600).default(10),
  /** The port of an HTTP listener on loopback. Default: no listener. */
  port: z.int().min(1).max(65_535).exactOptional(),
})

const Journal = z.strictObject({
  keepDays: z.number().positive().default(30),
  maxMegabytes: z.number().min(1).default(64),
})

/** Settings of turns that a host starts by itself because agents have finished or ask. */
const Wake = z.strictObject({
  /** The most such turns since a person last typed in the session. After that, results wait for the next prompt. */
  maxTurns: z.int().min(0).max(10_000).default(10),
  /** Whether idle sessions of Codex are woken, by messages that Codex shows as the user's. Default: no, and setup asks. */
  codex: z.boolean().exactOptional(),
})

/** Defaults for the warm processes of an agent. Its definition may set other values. */
const Pool = z.strictObject({
  /** The largest number of warm processes of one agent. */
  max: Count.default(4),
  /** The number of tasks after which a process is replaced. Default: what the CLI of the provider needs. */
  recycleAfterTasks: Count.exactOptional(),
  recycleAfterMinutes: Minutes.default(60),
  /** The memory above which a process is replaced. Default: what the CLI of the provider needs. */
  recycleAboveMegabytes: z.number().positive().exactOptional(),
  idleMinutes: Minutes.default(10),
})

/** What agents may use. */
const Budgets = z.strictObject({
  /** Limits of each agent that is launched without a person, unless its launch says otherwise. */
  unattended: z.strictObject({ minutes: Minutes.default(60) }).prefault({}),
  /** The most that agents may use on one local day, by account: a provider's id stands for its default account. */
  day: z.record(z.string(), Budget.omit({ minutes: true })).default({}),
  /** The percentage of an account's limits that agents leave to the user: of each limit, or by its name. */
  reserve: z.record(z.string(), z.union([Percent, z.record(z.string(), Percent)])).default({}),
})

/** The commands that check results of agents. */
const Checks = z.strictObject({
  /** The minutes after which a command is ended. */
  minutes: Minutes.default(10),
})

/** The user's `config.jsonc`. Projects have no such file, because it can name commands to run. */
const UserConfig = z.strictObject({
  $schema: z.string().exactOptional(),
  acpAgents: z.array(AcpAgent).superRefine(checkIds).default([]),
  accounts: Accounts.default({}),
  limits: Limits.prefault({}),
  budgets: Budgets.prefault({}),
  idleCloseMinutes: Minutes.default(10),
  onHostExit: z.enum(['keep', 'kill']).default('keep'),
  daemon: Daemon.prefault({}),
  journal: Journal.prefault({}),
  pool: Pool.prefault({}),
  wake: Wake.prefault({}),
  mailbox: MailboxSettings.prefault({}),
  notify: NotifySettings.prefault({}),
  worktree: WorktreeSettings.prefault({}),
  checks: Checks.prefault({}),
  /** The commands that projects propose as checks and the user approved: their hash by the path of the file. */
  approvedGates: z.record(z.string(), z.string()).default({}),
  /** The tools that hosts are offered: those that they can use now, or all. */
  tools: z.enum(['usable', 'all']).default('usable'),
  /** The most permissive preset that a host may give the agents that it launches. */
  ceiling: ConfigPermissionPreset.default('accept-edits'),
  permissions: PermissionSettings.prefault({}),
  /** Agents that run without permission checks if their definition says so. */
  bypassPermissions: z.array(z.string().min(1)).default([]),
  /** Environment variables that the definitions of projects may use, by the path of the definition. */
  definitionVariables: z.record(z.string(), z.array(z.string().min(1))).default({}),
})
export type UserConfig = z.infer<typeof UserConfig>

export function configPath(environment: NodeJS.ProcessEnv): string {
  return join(userConfigFolder(environment), 'config.jsonc')
}

/** Reads the user's configuration; defaults without a file. @throws SubagentError that names the file and the line */
export function readConfig(environment: NodeJS.ProcessEnv): UserConfig {
  const path = configPath(environment)
  const file = readJsoncFile(path)
  const config = UserConfig.safeParse(file?.value ?? {})
  if (!config.success) throw invalid(path, file, config.error.issues)
  const mailbox = resolveMailboxPaths(config.data.mailbox, environment)
  const accounts = resolveAccounts(config.data.accounts, environment)
  const issues = [
    ...accountIssues(accounts),
    ...mailboxFileIssues(mailbox).map(({ key, message }) => ({ path: ['mailbox', key], message })),
    ...worktreeFolderIssues(config.data.worktree, environment),
  ]
  if (issues.length > 0) throw invalid(path, file, issues)
  return { ...config.data, accounts, mailbox }
}

/** The configuration without a file. */
export function defaultConfig(): UserConfig {
  return UserConfig.parse({})
}

function checkIds(agents: readonly AcpAgent[], context: z.RefinementCtx): void {
  for (const [index, { id }] of agents.entries()) {
    const isRepeated = agents.findIndex((agent) => agent.id === id) < index
    if (!isRepeated && !taken.includes(id)) continue
    const message = isRepeated ? `'${id}' is there twice` : `'${id}' is built in: take another id`
    context.addIssue({ code: 'custom', path: [index, 'id'], message })
  }
}

/** A mistake in the configuration; `keys` are the unknown ones. */
type Issue = { path: readonly PropertyKey[]; message: string; keys?: readonly string[] }

function invalid(path: string, file: JsoncFile | undefined, issues: readonly Issue[]): SubagentError {
  const problems = issues.map((issue) => {
    const segments = issue.path.filter((segment) => typeof segment !== 'symbol')
    const name = segments.length > 0 ? `${z.core.toDotPath(segments)}: ` : ''
    // For an unknown key the error names the key, and not the object that contains it.
    const [surplus] = issue.keys ?? []
    const line = file?.lineOf(surplus === undefined ? segments : [...segments, surplus]) ?? 1
    return `${path}:${line}: ${name}${issue.message}`
  })
  const hint = `mend it there; it takes ${Object.keys(UserConfig.shape).slice(1).join(', ')}`
  return new SubagentError('config-invalid', problems.join('; '), { hint })
}
