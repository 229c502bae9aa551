import { jsonFlag } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { terminalCommand } from '../../terminal/command-context.js'
import { startDaemonNow } from './start.js'
import { describeDaemonStop, stopDaemonAtTerminal } from './stop.js'

export const daemonRestartCommand = terminalCommand(
  {
    description: 'Stop the daemon and start it again, for example to apply changes of config.jsonc',
    examples: ['daemon restart', 'daemon restart --json'],
    flags: { json: jsonFlag },
  },
  async ({ json }, terminal) => {
    const stopped = await stopDaemonAtTerminal(terminal, { restarts: true })
    if (stopped) await terminal.stderr.print(`${describeDaemonStop(stopped).text}\n`)
    return stopped?.type === 'stays' ? exitCode.failed : startDaemonNow(json, terminal)
  },
)
