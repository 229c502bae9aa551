import { workerSettings, type WorkerSettings } from '@subagent-mcp/api'
import { ownProjectTopicPattern } from '@subagent-mcp/mailbox'
import { convertToMailName } from '@subagent-mcp/mailbox/names'
import { defaultPollMsOnce, defaultWorkerOptions } from '@subagent-mcp/worker'
import { basename } from 'node:path'
import { type CliArgsOfSpec, declareCliCommand } from '../../command/command-spec.js'
import { createFlagExcludesRule } from '../../command/arg-rules.js'
import {
  commaListArgSchema,
  cliParamNotes,
  booleanArgSchema,
  type CliParamNotes,
} from '../../command/arg-schemas.js'
import { findLaunchRulesForFlags, workerCommandFlags, worktreeFlag } from '../agent/launch-flags.js'

/** Permission modes of Claude Code that a worker cannot have, each with what to use instead. */
const otherModes = {
  plan: 'no person reads the plan of a worker; dontAsk keeps it from changing anything',
  auto: 'a model would decide what is allowed; use dontAsk and --allowed-tools',
}

/** Adds notes for help to the schema of a worker setting, whose own description is written for the HTTP API. */
function noted<Schema extends Parameters<typeof cliParamNotes.add>[0]>(
  schema: Schema,
  notes: CliParamNotes,
): Schema {
  cliParamNotes.add(schema, notes)
  return schema
}

/** The declaration of the command `worker`. */
export const workerCommandSpec = declareCliCommand({
  description: 'Run an agent in this folder that answers each message sent to it, until Ctrl-C',
  details: [
    'It costs nothing while no message comes. Ctrl-C lets the running turn end; a second one ends it immediately.',
    'With --once the command exits 0 if messages were handled, 124 if none came, 3 if a turn failed.',
    'With --detach the worker runs in the background, also after a restart; subagent-mcp workers stop ends it.',
  ],
  examples: ['worker --name api --provider claude', 'worker --once --print', 'worker --detach'],
  flags: {
    name: noted(workerSettings.name.unwrap(), {
      hint: 'name',
      description: 'Name by which others send messages to the worker (default: name of the folder)',
    })
      .refine((text) => convertToMailName(text) === text, {
        error: ({ input }) => `'${String(input)}' is no name: take '${convertToMailName(String(input))}'`,
      })
      .exactOptional(),
    ...workerCommandFlags,
    worktree: worktreeFlag,
    permissionMode: noted(workerSettings.permissionMode.unwrap(), {
      description:
        'What happens to tools that --allowed-tools does not list: ' +
        'dontAsk denies them, acceptEdits denies all but edits, default asks you, bypassPermissions allows them',
      refused: otherModes,
    }).default('dontAsk'),
    allowedTools: commaListArgSchema(
      'rules',
      'Tools that it may use, with commas; empty for none (default: chat,sync)',
    ).exactOptional(),
    readFolder: booleanArgSchema('Let the worker read the files in its folder; needs --provider'),
    noReadFolder: booleanArgSchema(
      'Do not ask whether the worker may read the files in its folder; it may not',
    ),
    mcpConfig: noted(workerSettings.mcpConfig.unwrap(), {
      hint: 'file',
      description: 'File that names further MCP servers for the worker, in the format of .mcp.json',
    }).exactOptional(),
    pollMs: noted(workerSettings.pollMs.unwrap(), {
      hint: 'number',
      description: `Milliseconds that one request waits for mail (default: ${defaultWorkerOptions.pollMs}, with --once ${defaultPollMsOnce})`,
    }).exactOptional(),
    once: booleanArgSchema('Handle the messages that are there or come within --poll-ms, then exit'),
    detach: booleanArgSchema('Leave the worker running in the background, and exit'),
    print: booleanArgSchema(
      'Print the settings, rights and prompt that the worker would get, and run nothing',
    ),
    session: noted(workerSettings.session.unwrap(), {
      description: 'Between messages: warm keeps the process, resume only the conversation, fresh neither',
    }).default(defaultWorkerOptions.session),
    replicas: noted(workerSettings.replicas.unwrap(), {
      hint: 'number',
      description: 'Most messages that the worker handles in parallel',
    }).default(1),
    maxTurns: noted(workerSettings.maxTurns.unwrap(), {
      hint: 'number',
      description: 'Most requests to the model for one message',
    }).exactOptional(),
    budgetUsd: noted(workerSettings.budgetUsd.unwrap(), {
      hint: 'amount',
      description: 'Most US dollars that the worker may cost a day; then messages wait until the next day',
      takes: 'an amount above 0, as 2.50',
    }).exactOptional(),
    budgetTokens: noted(workerSettings.budgetTokens.unwrap(), {
      hint: 'number',
      description: 'Most tokens that the worker may use a day; then messages wait until the next day',
    }).exactOptional(),
    topics: commaListArgSchema(
      'patterns',
      'Topics of events that it gets, with commas; project:> means all of its project',
    ).prefault(ownProjectTopicPattern),
    severity: noted(workerSettings.severity.unwrap(), {
      description: 'Lowest severity of events for which the worker starts a turn',
    }).default('high'),
    json: booleanArgSchema('Print each event of the worker as one line of JSON, for scripts'),
  },
  rules: [
    ...findLaunchRulesForFlags(workerCommandFlags),
    createFlagExcludesRule('detach', ['once', 'print']),
    createFlagExcludesRule('readFolder', ['noReadFolder']),
  ],
  check: ({ agent, permissionMode: mode }) =>
    agent !== undefined && (mode === 'acceptEdits' || mode === 'bypassPermissions')
      ? `--permission-mode ${mode} cannot be combined with --agent: the agent's definition sets it`
      : undefined,
})

export type WorkerArgs = CliArgsOfSpec<typeof workerCommandSpec>

/** The settings of a worker with its name, which is optional elsewhere. */
export type NamedWorkerSettings = WorkerSettings & { name: string }

/** Returns the settings of the worker that a command line describes, in a folder. */
export function createWorkerSettings(args: WorkerArgs, cwd: string): NamedWorkerSettings {
  const { once: _, detach: _d, print: _p, json: _j, readFolder, noReadFolder: _n, worktree, ...rest } = args
  return {
    ...rest,
    name: args.name ?? convertToMailName(basename(cwd)),
    ...(worktree && { worktree }),
    ...(readFolder && { readFolder }),
  }
}
