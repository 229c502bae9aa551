import type { Budget, LaunchAnswer, LaunchOptionsOf } from '@subagent-mcp/api'
import { defined } from '@subagent-mcp/contract'
import { runBatch } from '../../batch/run-batch.js'
import { commandSpec } from '../../command/command-spec.js'
import { atLeastOneArgOf, excludes, flagNeeds } from '../../command/rules.js'
import { textArg, toggle, wholeNumberArg } from '../../command/values.js'
import { type CommandContext, daemonCommand } from '../../terminal/command-context.js'
import { readTextArgument } from '../../terminal/input.js'
import { callerAt } from '../../terminal/person.js'
import { budgetFlags, readBudget, timeLimit } from './budget-flags.js'
import { launchRulesForFlags, runCommandFlags } from './launch-flags.js'
import { stayWithAgent } from './stay-with-agent.js'

const runSpec = commandSpec({
  description: 'Launch an agent and print what it says until it is done',
  details: [
    "The agent's text goes to stdout, all else to stderr. The agent stays for follow-ups with send.",
    'On a terminal Markdown is rendered and tool calls share a line; logs shows each call.',
    'On a terminal you are asked for permissions; elsewhere they are denied.',
    'Without a person, as in a pipe or in CI, an agent works at most 60 minutes; --budget-minutes says more or less.',
    "Ctrl-C interrupts the agent's turn, a second one kills the agent.",
    'Exits 0 if the agent finished, 3 if it failed, 4 if it asks for a permission.',
    'With --batch, each line of the file is a launch in JSON, as in {"prompt": "fix the test", "provider": "codex"}.',
    'Ctrl-C then leaves the agents running. The same command continues: no line is launched twice.',
    'Limits of providers with a known end are waited for. Lines that ask are listed at the end.',
  ],
  examples: [
    'run "fix the failing test in src/cart"',
    'run "review the last commit" --provider codex --name review',
    'run --batch tasks.jsonl --limit 3',
  ],
  words: { prompt: textArg('prompt', 'The task, in quotes; - reads it from stdin').exactOptional() },
  flags: {
    ...runCommandFlags,
    ...budgetFlags,
    json: toggle('Print the agent and its answer as JSON when it is done; for a batch one line each'),
    batch: textArg(
      'file',
      'Launch each line of this file, or continue where an earlier command stopped',
    ).exactOptional(),
    limit: wholeNumberArg(
      { most: 1000 },
      'With --batch: lines whose agents run in parallel (default: 4)',
    ).exactOptional(),
    retry: toggle('With --batch: launch lines again whose agent failed'),
    restart: toggle('With --batch: launch all lines again'),
    keepAwake: toggle('With --batch: keep the computer from sleeping until the command ends'),
  },
  rules: [
    ...launchRulesForFlags(runCommandFlags),
    atLeastOneArgOf('prompt', 'batch'),
    excludes(
      'batch',
      ['prompt', ...typedNames(runCommandFlags), ...typedNames(budgetFlags)],
      'each line has its own',
    ),
    flagNeeds('limit', 'batch'),
    flagNeeds('retry', 'batch'),
    flagNeeds('restart', 'batch'),
    flagNeeds('keepAwake', 'batch'),
    excludes('retry', ['restart']),
  ],
})

function typedNames<Flags extends object>(flags: Flags): (keyof Flags & string)[]
function typedNames(flags: object): string[] {
  return Object.keys(flags)
}

/** Launches an agent, prints what it says until it is done, and how to continue with it. */
export const runCommand = daemonCommand(runSpec, async (args, context) => {
  const { budget: given, rest } = readBudget(args)
  const { json, batch: file, limit = 4, retry, restart, keepAwake, ...options } = rest
  if (file !== undefined) {
    const again = restart ? 'all' : retry ? 'failed' : 'none'
    return runBatch({ file, limit, json, again, keepAwake }, context)
  }
  const { prompt: typed = '-' } = options
  // Ctrl-C must be handled immediately, so a typed prompt is read without an await.
  const prompt =
    typed === '-' ? await readTextArgument({ text: typed, name: 'prompt' }, context.terminal) : typed
  const budget = context.terminal.ask ? given : { ...timeLimit(context.terminal), ...given }
  return stayWithAgent(
    { kind: 'agent', json, launch: () => launch({ ...options, ...defined({ budget }), prompt }, context) },
    context,
  )
})

type LaunchArgs = LaunchOptionsOf<'run'> & { prompt: string; budget?: Budget }

function launch(
  { cwd, ...options }: LaunchArgs,
  { client, terminal }: CommandContext,
): Promise<LaunchAnswer> {
  return client.launch({ ...options, ...callerAt(cwd, terminal), pid: process.pid })
}
