import { type ArgsOf, commandSpec } from '../../command/command-spec.js'
import { eventSeverities } from '@subagent-mcp/contract'
import { mailName } from '@subagent-mcp/mailbox/names'
import { ownProjectTopicPattern } from '@subagent-mcp/mailbox'
import { defaultWorkerOptions } from '@subagent-mcp/worker'
import { basename } from 'node:path'
import { z } from 'zod'
import {
  choiceArg,
  commaListArg,
  textArg,
  boolArg,
  paramNotes,
  wholeNumberArg,
} from '../../command/values.js'
import { launchRulesForFlags, workerCommandFlags, worktreeFlag } from '../agent/launch-flags.js'
import type { WorkerOrder } from '../../worker/worker-order.js'
import { defaultTools, permissionModes } from '../../worker/worker-rights.js'

/** Permission modes of Claude Code that a worker cannot have, each with what to use instead. */
const otherModes = {
  plan: 'no person reads the plan of a worker; dontAsk keeps it from changing anything',
  auto: 'a model would decide what is allowed; use dontAsk and --allowed-tools',
}

/** The declaration of the command `worker`. */
export const workerSpec = commandSpec({
  description: 'Run an agent in this folder that answers every message sent to it, until Ctrl-C',
  details: [
    'A session costs nothing while no message comes. Ctrl-C lets the running turn end, a second one ends immediately.',
    'With --once it exits 0 if messages were handled, 124 if none came, 3 if a turn failed.',
  ],
  examples: ['worker --name api --provider claude', 'worker --once --print'],
  flags: {
    name: textArg('name', 'Name of the worker in the mailbox (default: name of the folder)')
      .refine((name) => mailName(name) === name, {
        error: ({ input }) => `'${String(input)}' is no name: take '${mailName(String(input))}'`,
      })
      .exactOptional(),
    ...workerCommandFlags,
    worktree: worktreeFlag,
    permissionMode: choiceArg(
      permissionModes,
      'What happens to tools that --allowed-tools does not list: ' +
        'dontAsk denies them, acceptEdits denies all but edits, default asks you, bypassPermissions allows them',
    )
      .register(paramNotes, { refused: otherModes })
      .default('dontAsk'),
    allowedTools: commaListArg('rules', 'Allowed tools, separated by commas; empty for none').prefault(
      defaultTools.join(','),
    ),
    mcpConfig: textArg('file', 'File with more MCP servers, in the form of .mcp.json').exactOptional(),
    pollMs: wholeNumberArg(
      { least: 100, most: 3_600_000 },
      'Milliseconds that one call waits for messages',
    ).default(defaultWorkerOptions.pollMs),
    once: boolArg('Handle the messages that are there or come within --poll-ms, then exit'),
    print: boolArg('Print what would be launched, and run nothing'),
    session: choiceArg(
      ['warm', 'resume', 'fresh'],
      'warm keeps the process between messages, resume starts it again on its session, fresh on a new one',
    ).default(defaultWorkerOptions.session),
    replicas: wholeNumberArg({ most: 100 }, 'Turns that may run in parallel').default(1),
    maxTurns: wholeNumberArg({}, 'Limit of model requests per turn').exactOptional(),
    budgetUsd: z
      .number()
      .positive()
      .describe('Cost in US dollars a day, after which messages wait until the next day')
      .register(paramNotes, { hint: 'amount', takes: 'an amount above 0, as 2.50' })
      .exactOptional(),
    budgetTokens: wholeNumberArg({}, 'Tokens that the worker may use a day').exactOptional(),
    topics: commaListArg(
      'patterns',
      'Topics of the events that the worker gets, separated by commas; project:> are those of its project',
    ).prefault(ownProjectTopicPattern),
    severity: choiceArg(eventSeverities, 'Lowest severity of events that wake the worker').default('high'),
    json: boolArg('Print what the worker does as JSON, one object a line'),
  },
  rules: launchRulesForFlags(workerCommandFlags),
  check: ({ agent, permissionMode: mode }) =>
    agent !== undefined && (mode === 'acceptEdits' || mode === 'bypassPermissions')
      ? `--permission-mode ${mode} cannot be combined with --agent: the agent's definition sets it`
      : undefined,
})

/** Returns the options of the worker that a command line describes, in a folder. */
export function workerOptionsOf(args: ArgsOf<typeof workerSpec>, cwd: string): WorkerOrder {
  const { print: _, json: _json, permissionMode, allowedTools, budgetUsd, budgetTokens, ...rest } = args
  return {
    ...rest,
    name: args.name ?? mailName(basename(cwd)),
    mode: permissionMode,
    allowed: allowedTools,
    budget: {
      ...(budgetUsd !== undefined && { usd: budgetUsd }),
      ...(budgetTokens !== undefined && { tokens: budgetTokens }),
    },
  }
}
