import { defineCommand } from '../../command/define-command.js'
import { jsonFlag } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { startDaemonNow } from './start.js'
import { describeStop, stopAtTerminal } from './stop.js'

/** Stops the daemon and starts it again. */
export const daemonRestart = defineCommand(
  {
    description: 'Stop the daemon and start it again, for example to apply changes of config.jsonc',
    flags: { json: jsonFlag },
  },
  ({ json }) =>
    withTerminal(async (terminal) => {
      const stopped = await stopAtTerminal(terminal, { restarts: true })
      if (stopped) await terminal.stderr.print(`${describeStop(stopped).text}\n`)
      return stopped?.type === 'stays' ? exitCode.failed : startDaemonNow(terminal, json)
    }),
)
