import type { Launched } from '@subagent-mcp/api'
import { type ArgsOf, commandSpec } from '../../command/command-spec.js'
import { text, toggle } from '../../command/values.js'
import { type CommandContext, daemonCommand } from '../../terminal/command-context.js'
import { readTextArgument } from '../../terminal/input.js'
import { callerIn } from '../../terminal/person.js'
import { launchRulesOf, runFlags } from './launch-flags.js'
import { stayWithAgent } from './stay-with-agent.js'

const runSpec = commandSpec({
  description: 'Launch an agent and print what it says until it is done',
  details: [
    'Its text goes to stdout, all else to stderr. It stays for follow-ups with send.',
    'It asks you for permissions on a terminal; elsewhere they are denied.',
    'Ctrl-C interrupts its turn, a second one kills it.',
    'Exits 0 if it finished, 3 if it failed, 4 if it asks for a permission.',
  ],
  examples: [
    'run "fix the failing test in src/cart"',
    'run "review the last commit" --provider codex --name review',
  ],
  words: { prompt: text('prompt', 'The task, in quotes; - reads it from stdin') },
  flags: {
    ...runFlags,
    json: toggle('Print the agent and its answer as JSON when it is done'),
  },
  rules: launchRulesOf(runFlags),
})

/** Launches an agent, prints what it says until it is done, and how to continue with it. */
export const runCommand = daemonCommand(runSpec, async ({ json, ...options }, context) => {
  const { prompt: typed } = options
  // Ctrl-C must be handled from the first moment, so that nothing is awaited for a typed prompt.
  const prompt =
    typed === '-' ? await readTextArgument({ text: typed, name: 'prompt' }, context.terminal) : typed
  return stayWithAgent(
    { kind: 'agent', json, launch: () => launch({ ...options, prompt }, context) },
    context,
  )
})

type LaunchArgs = Omit<ArgsOf<typeof runSpec>, 'json'>

function launch({ cwd, ...options }: LaunchArgs, { client, terminal }: CommandContext): Promise<Launched> {
  return client.launch({ ...options, ...callerIn(cwd, terminal), pid: process.pid })
}
