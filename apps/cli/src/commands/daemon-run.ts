import { defineCommand } from 'citty'
import { exitCode, exitWith } from '../exit.js'
import { runDaemon } from '../daemon/run-daemon.js'
import { noWord, readWords } from '../terminal/read-words.js'

const flags = { log: { type: 'boolean', description: 'Write into its log, and not to stderr' } } as const

/** The daemon itself, in the foreground: what is started in the background runs this. */
export const daemonRun = defineCommand({
  meta: { name: 'run', description: 'Run the daemon in the foreground', hidden: true },
  args: flags,
  run: async ({ rawArgs }) => {
    const usage = 'subagent-mcp daemon run [--log]'
    const { values, positionals } = readWords(rawArgs, flags, usage)
    noWord(positionals, usage)
    await runDaemon({ ...process.env }, { toFile: values.log ?? false })
    exitWith(exitCode.done)
  },
})
