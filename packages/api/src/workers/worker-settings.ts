import { EventSeverity } from '@subagent-mcp/contract'
import { z } from 'zod'
import { getLaunchOptionSchemas } from '../launch-surfaces.js'
import { createLaunchOptionRuleCheck } from '../launch-option-rules.js'

const Text = z
  .string()
  .trim()
  .min(1)
  .refine((text) => !text.includes('\0'), 'has a zero byte, which no path can have')
const Count = z.int().min(1).max(1_000_000_000)

/** A list of texts, or one text with commas, as Claude accepts rules. Commas inside parentheses are part of a rule. */
const Words = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(/,(?![^(]*\))/).filter((word) => word.trim()) : value),
  z.array(Text),
)

/** Permission modes, by Claude's names: what happens to a tool call that no rule allows. */
const permissionModes = ['dontAsk', 'acceptEdits', 'default', 'bypassPermissions'] as const
export type PermissionMode = (typeof permissionModes)[number]

/**
 * The settings of a worker: the launch options of its sessions, and those of its own. `worker`, fleet files and the HTTP API take
 * a setting that is added here. A setting without a value has the default of the runtime.
 */
export const workerSettings = {
  name: Text.describe("name in the mailbox; default: the folder's name").exactOptional(),
  ...getLaunchOptionSchemas('worker'),
  worktree: z.boolean().describe('each session works in a worktree').exactOptional(),
  permissionMode: z
    .enum(permissionModes)
    .describe('what happens to tools that are not allowed; default dontAsk')
    .exactOptional(),
  allowedTools: Words.describe('tools and rules; default chat and sync').exactOptional(),
  readFolder: z
    .boolean()
    .describe('also read the files in its folder; needs provider, and a mailbox on this machine')
    .exactOptional(),
  mcpConfig: Text.describe('MCP servers: a file as .mcp.json, or such JSON').exactOptional(),
  pollMs: z
    .int()
    .min(100)
    .max(3_600_000)
    .describe('how long one call waits for messages; default 300000, with once 45000')
    .exactOptional(),
  session: z
    .enum(['warm', 'resume', 'fresh'])
    .describe('what stays between turns: the process, the session or nothing; default warm')
    .exactOptional(),
  replicas: z.int().min(1).max(100).describe('turns that may run in parallel; default 1').exactOptional(),
  maxTurns: Count.describe('model requests per turn').exactOptional(),
  budgetUsd: z.number().positive().describe('US dollars a day').exactOptional(),
  budgetTokens: Count.describe('tokens a day').exactOptional(),
  topics: Words.describe(
    'of events that it gets: ci.*, ci.>, > for all; default project:>, of its project',
  ).exactOptional(),
  severity: EventSeverity.describe(
    'lowest severity of events that start a turn; default high',
  ).exactOptional(),
}

const Settings = z.strictObject(workerSettings)
export type WorkerSettings = z.output<typeof Settings>

const FolderSettings = Settings.extend({ folder: Text.describe('of one worker at a time') })
export const WorkerSettingsWithFolder = FolderSettings.superRefine(
  createLaunchOptionRuleCheck((option) => option),
)
export type WorkerSettingsWithFolder = z.output<typeof WorkerSettingsWithFolder>

const Environment = z
  .record(z.string(), z.string())
  .describe('of its sessions, kept only in memory; never logged, never returned')
const Pid = z.int().positive().describe('of the process that sends the request')

/** The body of `POST /v1/workers`. */
export const RunWorkerBody = FolderSettings.extend({
  once: z.boolean().describe('end after one batch of messages').exactOptional(),
  environment: Environment,
  pid: Pid.exactOptional(),
}).superRefine(createLaunchOptionRuleCheck((option) => option))
export type RunWorkerBody = z.input<typeof RunWorkerBody>

/** The body of `POST /v1/workers/kept`. */
export const KeepWorkerBody = FolderSettings.extend({
  environment: Environment,
  pid: Pid.exactOptional(),
}).superRefine(createLaunchOptionRuleCheck((option) => option))
export type KeepWorkerBody = z.input<typeof KeepWorkerBody>

/** The most restarts of a worker within a number of minutes. */
export const WorkerRestartLimit = z.strictObject({
  max: z.int().min(0).max(10_000).default(5),
  minutes: z.number().positive().max(525_600).default(10),
})
export type WorkerRestartLimit = z.output<typeof WorkerRestartLimit>

/** The body of `POST /v1/fleet`. */
export const StartFleetBody = z.strictObject({
  file: Text.describe('the path of the fleet file: only one can be up'),
  workers: z.array(WorkerSettingsWithFolder).min(1),
  restarts: WorkerRestartLimit.prefault({}),
  environment: Environment.describe("of the workers; default: the daemon's own").exactOptional(),
  pid: Pid.exactOptional(),
})
export type StartFleetBody = z.input<typeof StartFleetBody>
