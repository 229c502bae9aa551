import { SubagentError, type Driver } from '@subagent-mcp/contract'
import { newDefinition, userFolder } from '@subagent-mcp/definitions'
import { makeFolder } from '@subagent-mcp/driver-kit'
import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { agentFiles } from '../../agents/agent-files.js'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { jsonFlag, text, toggle } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { cwdFlag } from '../cwd-flag.js'
import { knownDrivers } from '../known-drivers.js'

/** How `agents new` is called. */
export const agentsNewSpec = commandSpec({
  description: 'Create the file of a new agent for you to fill in; overwrites nothing',
  words: { name: text('name', 'Name of the agent, and of its file') },
  flags: {
    provider: text('name', 'claude (the default), codex, gemini or one of config.jsonc').exactOptional(),
    user: toggle('Create it for all of your projects, not for this one'),
    cwd: cwdFlag,
    json: jsonFlag,
  },
})

/** Creates the file of a new agent. */
export const agentsNew = defineCommand(agentsNewSpec, (args) =>
  withTerminal((terminal) => makeAgentFile(args, terminal, knownDrivers(terminal))),
)

/** Writes it, and says what is next. @throws SubagentError when there is one, or it cannot be written */
export async function makeAgentFile(
  args: ArgsOf<typeof agentsNewSpec>,
  terminal: Terminal,
  drivers: ReadonlyMap<string, Driver>,
): Promise<number> {
  const { name, provider, user, json } = args
  const { stdout, stderr, environment } = terminal
  checkProvider(provider, drivers)
  const house = user ? userFolder(environment) : join(agentFiles(args, terminal).project, '.subagent-mcp')
  const path = join(house, 'agents', `${name}.md`)
  writeNew(path, newDefinition(name, provider === undefined ? {} : { provider }))
  await stdout.print(json ? `${JSON.stringify({ name, path }, undefined, 2)}\n` : `${path}\n`)
  if (!json) await stderr.print(`say in it what the agent does, then: subagent-mcp agents lint ${name}\n`)
  return exitCode.done
}

function checkProvider(provider: string | undefined, drivers: ReadonlyMap<string, Driver>): void {
  if (provider === undefined || drivers.has(provider)) return
  const hint = `use one of ${[...drivers.keys()].join(', ')}`
  throw new SubagentError('unknown-provider', `no provider '${provider}'`, { hint })
}

/** Of a project as well as of the user: who may read it is the system's to say, as for any file of theirs. */
function writeNew(path: string, text: string): void {
  try {
    makeFolder(dirname(path), 0o777)
    writeFileSync(path, text, { flag: 'wx' })
  } catch (cause) {
    if (existsSync(path)) {
      const hint = 'edit it, or take another name'
      throw new SubagentError('io-failed', `there is a file already: ${path}`, { hint, cause })
    }
    throw new SubagentError('io-failed', `cannot write ${path} (${String(cause)})`, { cause })
  }
}
