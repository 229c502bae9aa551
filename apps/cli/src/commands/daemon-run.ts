import { defineCommand } from 'citty'
import { exitCode, exitWith } from '../exit.js'
import { runDaemon } from '../daemon/run-daemon.js'
import { noWord } from '../terminal/read-words.js'

/** The daemon itself, in the foreground: what is started in the background runs this. */
export const daemonRun = defineCommand({
  meta: { name: 'run', description: 'Run the daemon in the foreground', hidden: true },
  run: async ({ rawArgs }) => {
    noWord(rawArgs, 'subagent-mcp daemon run')
    await runDaemon({ ...process.env })
    exitWith(exitCode.done)
  },
})
