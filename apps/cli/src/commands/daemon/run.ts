import { defineCommand } from 'citty'
import { exitCode, exitWith } from '../../exit.js'
import { runDaemon } from '../../daemon/run-daemon.js'
import { noWord, readWords } from '../../terminal/read-words.js'

const flags = {
  log: { type: 'boolean', description: 'Write into its log, and not to stderr' },
  stay: { type: 'boolean', description: 'Wait for the end of one that is at work, and take its place' },
} as const

/** The daemon itself, in the foreground: what is started in the background runs this. */
export const daemonRun = defineCommand({
  meta: { name: 'run', description: 'Run the daemon in the foreground', hidden: true },
  args: flags,
  run: async ({ rawArgs }) => {
    const usage = 'subagent-mcp daemon run [--log] [--stay]'
    const { values, positionals } = readWords(rawArgs, flags, usage)
    noWord(positionals, usage)
    const { log: toFile = false, stay: stays = false } = values
    const ran = await runDaemon({ ...process.env }, { toFile, stays })
    // By a failure the system starts what is there now.
    exitWith(ran === 'done' ? exitCode.done : exitCode.failed)
  },
})
