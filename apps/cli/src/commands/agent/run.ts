import type {
  AcceptanceOptions,
  AgentDetail,
  Budget,
  LaunchAnswer,
  LaunchOptionsOfSurface,
} from '@subagent-mcp/api'
import { omitUndefined } from '@subagent-mcp/contract'
import { runBatch } from '../../batch/run-batch.js'
import { declareCliCommand } from '../../command/command-spec.js'
import {
  createAtLeastOneArgRule,
  createFlagExcludesRule,
  createFlagNeedsRule,
} from '../../command/arg-rules.js'
import { fileFlag, textArgSchema, booleanArgSchema, integerArgSchema } from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import { type CommandContext, defineDaemonCommand } from '../../terminal/command-context.js'
import { readTextArgument } from '../../terminal/input.js'
import { acceptFlags, splitAcceptanceOptions } from './accept-flags.js'
import {
  ciFlags,
  ciFlagRules,
  createWorktreeLaunchOption,
  findLaunchRulesForFlags,
  runCommandFlags,
  worktreeFlag,
} from './launch-flags.js'
import { budgetFlags, splitBudgetOptions, computeLaunchBudget } from './budget-flags.js'
import { describeTerminalCaller, resolveTypedFiles } from '../../terminal/person.js'
import { outputSchemaFlag, readOutputSchema } from '../../terminal/output-schema-flag.js'
import { launchAndFollow } from './launch-and-follow.js'

const runSpec = declareCliCommand({
  description: 'Give a task to a new agent, and print what it says until it is done',
  details: [
    "The agent's text goes to stdout, everything else to stderr. For a further task to the same agent use subagent-mcp send.",
    'On a terminal Markdown is rendered and several tool calls share a line; subagent-mcp logs shows each call.',
    'On a terminal you are asked whether the agent may do what its preset does not allow; elsewhere this is denied.',
    'Without a person, as in a pipe or in CI, an agent works at most 60 minutes; --budget-minutes changes that.',
    "Ctrl-C interrupts the agent's turn, a second one kills the agent.",
    'With --output-schema only the checked answer goes to stdout, and Ctrl-C kills the agent.',
    'With --accept the daemon runs commands on the result, and the agent repairs what fails; subagent-mcp evidence shows the runs.',
    'With --worktree the agent works in a private copy of the repository; subagent-mcp changes shows and applies its work.',
    'Exits 0 if the agent finished, 3 if it failed, 4 if it asks for a permission.',
    'With --batch, each line of the file launches one agent by its options in JSON, as in {"prompt": "fix the test", "provider": "codex"}.',
    'With --ci the command leaves no process and no file behind, and agents do not get the tokens of the job: see docs/ci.md.',
    'In a batch Ctrl-C leaves the agents running. The same command continues the batch, and launches no line twice.',
    'A batch waits until usage limits of providers are reset, and lists at its end the agents that ask for permission.',
  ],
  examples: [
    'run "fix the failing test in src/cart"',
    'run "review the last commit" --provider codex --name review',
    'run "what is wrong on this page?" --file shot.png',
    'run "rename Cart to Basket" --worktree --accept "npm test"',
    'run --batch tasks.jsonl --limit 3',
    'run "update the snapshots" --ci --accept "npm test" --junit agent.xml',
  ],
  words: {
    prompt: textArgSchema(
      'prompt',
      'The task for the agent, in quotes; - reads it from stdin',
    ).exactOptional(),
  },
  flags: {
    ...runCommandFlags,
    ...budgetFlags,
    ...acceptFlags,
    file: fileFlag,
    outputSchema: outputSchemaFlag,
    worktree: worktreeFlag,
    json: booleanArgSchema('Print agent and answer as JSON when it is done; for a batch one line for each'),
    batch: textArgSchema(
      'file',
      'Launch an agent for each line of this file, or continue that',
    ).exactOptional(),
    limit: integerArgSchema(
      { most: 1000 },
      'With --batch: most agents that run in parallel (default: 4)',
    ).exactOptional(),
    retry: booleanArgSchema('With --batch: launch an agent again for each line whose agent failed'),
    restart: booleanArgSchema(
      'With --batch: forget what earlier commands did, and launch an agent for every line',
    ),
    ...ciFlags,
    keepAwake: booleanArgSchema('With --batch: keep the computer from going to sleep while the command runs'),
  },
  rules: [
    ...findLaunchRulesForFlags(runCommandFlags),
    createAtLeastOneArgRule('prompt', 'batch'),
    createFlagExcludesRule(
      'batch',
      [
        ...(['prompt', 'file', 'outputSchema', 'worktree'] as const),
        ...typedNames(runCommandFlags),
        ...typedNames(budgetFlags),
        ...typedNames(acceptFlags),
      ],
      'each line has its own',
    ),
    createFlagNeedsRule('limit', 'batch'),
    createFlagNeedsRule('retry', 'batch'),
    createFlagNeedsRule('restart', 'batch'),
    createFlagNeedsRule('keepAwake', 'batch'),
    createFlagExcludesRule('retry', ['restart']),
    ...ciFlagRules,
    createFlagExcludesRule('ci', ['worktree'], "the job's checkout is private already"),
    createFlagExcludesRule('ci', ['batch'], 'a batch can be continued, and --ci leaves nothing to continue'),
  ],
})

function typedNames<Flags extends object>(flags: Flags): (keyof Flags & string)[]
function typedNames(flags: object): string[] {
  return Object.keys(flags)
}

export const runCommand = defineDaemonCommand(runSpec, async (args, context) => {
  const { budget: ownBudget, rest: more } = splitBudgetOptions(args)
  const { accept, rest } = splitAcceptanceOptions(more)
  const { json, file: files, batch: file, limit = 4, retry, restart, keepAwake, ...launchArgs } = rest
  const { ci: _ci, junit: _junit, ...options } = launchArgs
  if (file !== undefined) {
    const again = restart ? 'all' : retry ? 'failed' : 'none'
    return runBatch({ file, limit, json, again, keepAwake }, context)
  }
  const { prompt: typed = '-' } = options
  // Ctrl-C must be handled immediately, so a typed prompt is read without an await.
  const prompt =
    typed === '-' ? await readTextArgument({ text: typed, name: 'prompt' }, context.terminal) : typed
  const budget = computeLaunchBudget(context.terminal, ownBudget)
  const order = {
    ...options,
    ...resolveTypedFiles(files, context.terminal),
    ...omitUndefined({ accept, budget }),
    prompt,
  }
  const work = { kind: 'agent', json, launch: () => launch(order, context) } as const
  const isTyped = options.outputSchema !== undefined && !json
  return launchAndFollow({ ...work, ...(isTyped && { report: printAnswer(context) }) }, context)
})

/** Prints the answer of an agent with an output schema. Nothing else goes to stdout, because programs read it. */
function printAnswer({ terminal }: CommandContext): (detail: AgentDetail) => Promise<number> {
  return async ({ said }) => {
    await terminal.stdout.print(`${said}\n`)
    return exitCode.done
  }
}

type LaunchArgs = LaunchOptionsOfSurface<'run'> & {
  prompt: string
  files?: readonly string[]
  outputSchema?: string
  worktree: boolean
  accept?: AcceptanceOptions
  budget?: Budget
}

function launch(
  { cwd, outputSchema: given, worktree, ...options }: LaunchArgs,
  { client, terminal }: CommandContext,
): Promise<LaunchAnswer> {
  const schema = given === undefined ? {} : { outputSchema: readOutputSchema(given) }
  const more = { ...schema, ...createWorktreeLaunchOption(worktree) }
  return client.launch({ ...options, ...more, ...describeTerminalCaller(cwd, terminal), pid: process.pid })
}
