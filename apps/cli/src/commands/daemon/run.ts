import { commandWithoutTerminal } from '../../command/define-cli-command.js'
import { boolArg } from '../../command/arg-schemas.js'
import { runOwnDaemon } from '../../daemon/run-daemon.js'
import { exitCode } from '../../exit.js'

export const daemonRunCommand = commandWithoutTerminal(
  {
    description: 'Run the daemon in the foreground',
    examples: ['daemon run', 'daemon run --stay --log'],
    flags: {
      log: boolArg('Write to the log file instead of stderr'),
      stay: boolArg('Wait until a running daemon ends, and take its place'),
    },
    isHidden: true,
  },
  async ({ log: toFile, stay: stays }) => {
    const end = await runOwnDaemon({ ...process.env }, { toFile, stays })
    // The system's service starts the daemon again after a failure, then from the files of the installed release.
    return end === 'done' ? exitCode.done : exitCode.failed
  },
)
