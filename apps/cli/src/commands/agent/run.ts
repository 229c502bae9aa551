import type { Launched } from '@subagent-mcp/api'
import { resolve } from 'node:path'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { text, toggle } from '../../command/values.js'
import { definedVariables } from '../../defined-variables.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { launchRulesOf, runFlags } from './launch-flags.js'
import { stayWithAgent } from './stay-with-agent.js'

/** How `run` is called. */
export const runSpec = commandSpec({
  description: 'Launch an agent and print what it says until it is done',
  details: [
    'Its text goes to stdout, all else to stderr. It stays for follow-ups with send.',
    'It asks you for permissions on a terminal; elsewhere they are denied.',
    'Ctrl-C interrupts its turn, a second one kills it.',
    'Exits 0 if it finished, 3 if it failed, 4 if it asks for a permission.',
  ],
  words: { prompt: text('prompt', 'The task, in quotes; - reads it from stdin') },
  flags: {
    ...runFlags,
    json: toggle('Print the agent and its answer as JSON when it is done'),
  },
  rules: launchRulesOf(runFlags),
})

/** Launches an agent and stays with it. */
export const run = defineCommand(runSpec, (args) => atTerminal((desk) => runPrompt(args, desk)))

type RunArgs = ArgsOf<typeof runSpec>

/** Launches an agent, streams what it says until it is done, and prints how to continue with it. */
export async function runPrompt(args: RunArgs, desk: Desk): Promise<number> {
  const prompt = args.prompt === '-' ? await desk.terminal.readInput() : args.prompt
  const { json } = args
  return stayWithAgent({ kind: 'agent', json, launch: () => launch({ ...args, prompt }, desk) }, desk)
}

function launch({ json: _, cwd = '.', ...options }: RunArgs, { client, terminal }: Desk): Promise<Launched> {
  return client.launch({
    ...options,
    cwd: resolve(terminal.cwd, cwd),
    pid: process.pid,
    environment: definedVariables(terminal.environment),
  })
}
