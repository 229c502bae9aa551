import { workerSettings, type WorkerSettings } from '@subagent-mcp/api'
import { ownProjectTopicPattern } from '@subagent-mcp/mailbox'
import { mailName } from '@subagent-mcp/mailbox/names'
import { defaultWorkerOptions } from '@subagent-mcp/worker'
import { basename } from 'node:path'
import { type ArgsOf, commandSpec } from '../../command/command-spec.js'
import { flagExcludes } from '../../command/rules.js'
import { commaListArg, paramNotes, boolArg, type CliParamNotes } from '../../command/values.js'
import { launchRulesForFlags, workerCommandFlags, worktreeFlag } from '../agent/launch-flags.js'

/** Permission modes of Claude Code that a worker cannot have, each with what to use instead. */
const otherModes = {
  plan: 'no person reads the plan of a worker; dontAsk keeps it from changing anything',
  auto: 'a model would decide what is allowed; use dontAsk and --allowed-tools',
}

const {
  name,
  permissionMode,
  mcpConfig,
  pollMs,
  session,
  replicas,
  maxTurns,
  budgetUsd,
  budgetTokens,
  severity,
} = workerSettings

/** The description of a setting in help. The schema's own description is written for the HTTP API. */
function noted<Schema extends Parameters<typeof paramNotes.add>[0]>(
  schema: Schema,
  notes: CliParamNotes,
): Schema {
  paramNotes.add(schema, notes)
  return schema
}

/** The declaration of the command `worker`. */
export const workerSpec = commandSpec({
  description: 'Run an agent in this folder that answers every message sent to it, until Ctrl-C',
  details: [
    'A session costs nothing while no message comes. Ctrl-C lets the running turn end, a second one ends immediately.',
    'With --once it exits 0 if messages were handled, 124 if none came, 3 if a turn failed.',
    'With --detach it runs on, also after a restart; subagent-mcp workers stop ends it.',
  ],
  examples: ['worker --name api --provider claude', 'worker --once --print', 'worker --detach'],
  flags: {
    name: noted(name.unwrap(), {
      hint: 'name',
      description: 'Name of the worker in the mailbox (default: name of the folder)',
    })
      .refine((text) => mailName(text) === text, {
        error: ({ input }) => `'${String(input)}' is no name: take '${mailName(String(input))}'`,
      })
      .exactOptional(),
    ...workerCommandFlags,
    worktree: worktreeFlag,
    permissionMode: noted(permissionMode.unwrap(), {
      description:
        'What happens to tools that --allowed-tools does not list: ' +
        'dontAsk denies them, acceptEdits denies all but edits, default asks you, bypassPermissions allows them',
      refused: otherModes,
    }).default('dontAsk'),
    allowedTools: commaListArg(
      'rules',
      'Allowed tools, separated by commas; empty for none (default: chat,sync)',
    ).exactOptional(),
    readFolder: boolArg('Also let it read the files in its folder; needs --provider'),
    noReadFolder: boolArg('Do not ask whether it may read the files in its folder'),
    mcpConfig: noted(mcpConfig.unwrap(), {
      hint: 'file',
      description: 'File with more MCP servers, in the form of .mcp.json',
    }).exactOptional(),
    pollMs: noted(pollMs.unwrap(), {
      hint: 'number',
      description: 'Milliseconds that one call waits for messages',
    }).default(defaultWorkerOptions.pollMs),
    once: boolArg('Handle the messages that are there or come within --poll-ms, then exit'),
    detach: boolArg('Let the daemon keep the worker, and exit'),
    print: boolArg('Print what would be launched, and run nothing'),
    session: noted(session.unwrap(), {
      description:
        'warm keeps the process between messages, resume starts it again on its session, fresh on a new one',
    }).default(defaultWorkerOptions.session),
    replicas: noted(replicas.unwrap(), {
      hint: 'number',
      description: 'Turns that may run in parallel',
    }).default(1),
    maxTurns: noted(maxTurns.unwrap(), {
      hint: 'number',
      description: 'Limit of model requests per turn',
    }).exactOptional(),
    budgetUsd: noted(budgetUsd.unwrap(), {
      hint: 'amount',
      description: 'Cost in US dollars a day, after which messages wait until the next day',
      takes: 'an amount above 0, as 2.50',
    }).exactOptional(),
    budgetTokens: noted(budgetTokens.unwrap(), {
      hint: 'number',
      description: 'Tokens that the worker may use a day',
    }).exactOptional(),
    topics: commaListArg(
      'patterns',
      'Topics of the events that the worker gets, separated by commas; project:> are those of its project',
    ).prefault(ownProjectTopicPattern),
    severity: noted(severity.unwrap(), {
      description: 'Lowest severity of events that wake the worker',
    }).default('high'),
    json: boolArg('Print what the worker does as JSON, one object a line'),
  },
  rules: [
    ...launchRulesForFlags(workerCommandFlags),
    flagExcludes('detach', ['once', 'print']),
    flagExcludes('readFolder', ['noReadFolder']),
  ],
  check: ({ agent, permissionMode: mode }) =>
    agent !== undefined && (mode === 'acceptEdits' || mode === 'bypassPermissions')
      ? `--permission-mode ${mode} cannot be combined with --agent: the agent's definition sets it`
      : undefined,
})

export type WorkerArgs = ArgsOf<typeof workerSpec>

/** A worker with its name. */
export type NamedSettings = WorkerSettings & { name: string }

/** Returns the settings of the worker that a command line describes, in a folder. */
export function workerSettingsOf(args: WorkerArgs, cwd: string): NamedSettings {
  const { once: _, detach: _d, print: _p, json: _j, readFolder, noReadFolder: _n, worktree, ...rest } = args
  return {
    ...rest,
    name: args.name ?? mailName(basename(cwd)),
    ...(worktree && { worktree }),
    ...(readFolder && { readFolder }),
  }
}
