import { exitCode } from '../../exit.js'
import { daemonCommand, jsonFlag } from './daemon-command.js'
import { startDaemonNow } from './start.js'
import { describeStop, stopAtTerminal } from './stop.js'

/** Ends the daemon and starts another. */
export const daemonRestart = daemonCommand({
  name: 'restart',
  description: 'Stop it and start another, for which config.jsonc is read anew',
  flags: jsonFlag,
  act: async (isGiven, terminal) => {
    const stopped = await stopAtTerminal(terminal, { restarts: true })
    if (stopped) await terminal.stderr.print(`${describeStop(stopped).text}\n`)
    return stopped?.type === 'stays' ? exitCode.failed : startDaemonNow(terminal, isGiven('json'))
  },
})
