import { listDefinitions } from '@subagent-mcp/definitions'
import { readWorkerState, listWorkerStatePaths } from '@subagent-mcp/runtime/worker-files'
import { findDefinitionFolders } from '../definitions/definition-project.js'
import { choiceArgSchema } from '../../command/arg-schemas.js'
import { connectRunningDaemon } from '../../daemon/connect-or-start-daemon.js'
import { createConfiguredDrivers } from '../../drivers.js'
import { exitCode } from '../../exit.js'
import { completionNameKinds, type CompletionNameKind } from '../../help/commands-help.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'
import type { Terminal } from '../../terminal/terminal.js'
import { getWorkersFolder } from '../../worker/session-server.js'

/** Prints names for the scripts of `completions`, which call it at each Tab. It starts no daemon. */
export const completeCommand = defineTerminalCommand(
  {
    description: 'Print names of agents, definitions, providers or workers, for the completions of a shell',
    examples: ['complete agents', 'complete providers'],
    isHidden: true,
    words: { kind: choiceArgSchema(completionNameKinds, 'The kind of names') },
  },
  async ({ kind }, terminal) => {
    const names = await namesOf[kind](terminal)
    const words = [...new Set(names)].filter(isWord).toSorted()
    await terminal.stdout.print(words.map((word) => `${word}\n`).join(''))
    return exitCode.done
  },
)

const namesOf: Readonly<
  Record<CompletionNameKind, (terminal: Terminal) => Promise<readonly string[]> | readonly string[]>
> = {
  agents: async ({ environment }) => {
    const client = await connectRunningDaemon(environment)
    const agents = (await client?.agents()) ?? []
    return agents.flatMap(({ id, name }) => (name === undefined ? [id] : [id, name]))
  },
  definitions: (terminal) => {
    const { project, places } = findDefinitionFolders({}, terminal)
    return listDefinitions(places, project).map((listed) =>
      listed.type === 'valid' ? listed.definition.name : listed.name,
    )
  },
  providers: ({ environment }) => [...createConfiguredDrivers(environment).keys()],
  workers: ({ environment }) => {
    return listWorkerStatePaths(getWorkersFolder(environment)).flatMap(
      (path) => readWorkerState(path)?.worker.name ?? [],
    )
  },
}

/** Whether a shell reads a name as one word without quotes. Names of agents may have spaces. */
function isWord(name: string): boolean {
  return /^[\w.:@/-]+$/.test(name)
}
