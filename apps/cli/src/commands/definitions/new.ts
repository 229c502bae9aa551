import { SubagentError } from '@subagent-mcp/contract'
import { createDefinitionText, getUserConfigFolder } from '@subagent-mcp/definitions'
import { createFolderWithParents } from '@subagent-mcp/driver-kit'
import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cwdFlag, jsonFlag, textArgSchema, booleanArgSchema } from '../../command/arg-schemas.js'
import { createConfiguredDrivers } from '../../drivers.js'
import { exitCode } from '../../exit.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'
import { findDefinitionFolders } from './definition-project.js'
import { printResult } from '../../terminal/print.js'
import type { Terminal } from '../../terminal/terminal.js'

/** Creates the file of a new agent. @throws SubagentError when the file exists or cannot be written */
export const agentsNewCommand = defineTerminalCommand(
  {
    description: 'Create a definition file for an agent of your own, for you to fill in; overwrites no file',
    examples: ['agents new reviewer', 'agents new reviewer --provider codex --user'],
    words: { name: textArgSchema('name', 'Name of the new agent, and of its file') },
    flags: {
      provider: textArgSchema(
        'name',
        'claude (the default), codex, gemini or another provider of config.jsonc',
        {
          names: 'providers',
        },
      ).exactOptional(),
      user: booleanArgSchema('Create the file for all of your projects, not only for this one'),
      cwd: cwdFlag,
      json: jsonFlag,
    },
  },
  async ({ name, provider, user, json, ...where }, terminal) => {
    checkProvider(provider, terminal)
    const folder = user
      ? getUserConfigFolder(terminal.environment)
      : join(findDefinitionFolders(where, terminal).project, '.subagent-mcp')
    const path = join(folder, 'agents', `${name}.md`)
    writeNew(path, createDefinitionText(name, provider === undefined ? {} : { provider }))
    await printResult(terminal, json, { text: path, data: { name, path } })
    const next = `describe in it what the agent does, then: subagent-mcp agents lint ${name}\n`
    if (!json) await terminal.stderr.print(next)
    return exitCode.done
  },
)

function checkProvider(provider: string | undefined, { environment }: Terminal): void {
  const drivers = createConfiguredDrivers(environment)
  if (provider === undefined || drivers.has(provider)) return
  const hint = `use one of ${[...drivers.keys()].join(', ')}`
  throw new SubagentError('unknown-provider', `no provider '${provider}'`, { hint })
}

/** Writes a new file. The umask decides who may read it, because projects share definitions. */
function writeNew(path: string, text: string): void {
  try {
    createFolderWithParents(dirname(path), 0o777)
    writeFileSync(path, text, { flag: 'wx' })
  } catch (cause) {
    if (existsSync(path)) {
      const hint = 'edit it, or take another name'
      throw new SubagentError('io-failed', `the file exists already: ${path}`, { hint, cause })
    }
    throw new SubagentError('io-failed', `cannot write ${path} (${String(cause)})`, { cause })
  }
}
