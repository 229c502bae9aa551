import { SubagentError } from '@subagent-mcp/contract'
import { serveMcp } from '@subagent-mcp/mcp-server'
import { defineCommand } from 'citty'
import { join } from 'node:path'
import { compose } from '../compose.js'
import { exitWith } from '../exit.js'
import { existingFolder, homeFolder, projectOf, textKeeper } from '../folders.js'
import { readHouseFiles } from '../house-files.js'
import { readSettings } from '../settings.js'
import { version } from '../version.js'

/** What hosts run. */
export const serve = defineCommand({
  meta: { name: 'serve', description: 'Serve MCP over stdin and stdout, until stdin ends' },
  run: async ({ rawArgs }) => {
    refuseWords(rawArgs)
    const environment = { ...process.env }
    const cwd = process.cwd()
    const settings = readSettings(environment)
    const house = compose(settings, readHouseFiles(environment))
    const stopServing = serveMcp({
      port: {
        supervisor: house.supervisor,
        stalledAfter: settings.stalledAfter,
        resolveFolder: (path) => existingFolder(path, cwd),
        saveText: textKeeper(join(homeFolder(environment), 'answers')),
      },
      caller: house.connect(projectOf(cwd), environment),
      version,
      input: process.stdin,
      output: process.stdout,
      onProblem: (error) => process.stderr.write(`subagent-mcp: ${error.message}\n`),
    })
    await hostGone()
    // First of all: whatever is launched from now on would die unreported.
    await stopServing()
    await house.close()
    exitWith(0)
  },
})

/** citty would pass by what it does not know. @throws SubagentError `unknown-parameter` */
function refuseWords([word]: readonly string[]): void {
  if (word === undefined) return
  const hint = 'it takes none; settings are environment variables'
  throw new SubagentError('unknown-parameter', `serve takes no '${word}'`, { hint })
}

/** The host ended us, or is no more: the end of stdin, a signal, or nobody reads our stdout. */
function hostGone(): Promise<void> {
  return new Promise((resolve) => {
    const gone = (): void => {
      resolve()
    }
    process.stdin.once('end', gone).once('close', gone).once('error', gone)
    process.stdout.once('error', gone)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, gone)
  })
}
