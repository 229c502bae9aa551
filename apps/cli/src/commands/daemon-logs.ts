import { exitCode } from '../exit.js'
import { followFile, readLines } from '../follow-file.js'
import { logPath } from '../run-folder.js'
import { version } from '../version.js'
import { daemonCommand, jsonFlag, say } from './daemon-command.js'

const shown = 200

/** Shows what the daemon wrote. */
export const daemonLogs = daemonCommand({
  name: 'logs',
  description: 'Show the newest lines of its log',
  flags: { ...jsonFlag, follow: { type: 'boolean', short: 'f', description: 'Go on with what is added' } },
  act: async (isGiven, terminal) => {
    const path = logPath(terminal.environment, version)
    const lines = readLines(path)?.slice(-shown)
    const text = lines?.join('\n') ?? `there is no log yet: ${path}`
    await say(terminal, isGiven('json'), { text, data: { path, lines: lines ?? [] } })
    if (isGiven('follow')) await followFile(path, (added) => terminal.stdout.print(added))
    return exitCode.done
  },
})
