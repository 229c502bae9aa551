import { defineCommand } from '../../command/define-command.js'
import { toggle } from '../../command/values.js'
import { runOwnDaemon } from '../../daemon/run-daemon.js'
import { exitCode, exitWith } from '../../exit.js'

/** The daemon itself, in the foreground: what is started in the background runs this. */
export const daemonRun = defineCommand(
  {
    description: 'Run the daemon in the foreground',
    flags: {
      log: toggle('Write to the log file instead of stderr'),
      stay: toggle('Wait until a running daemon ends, and take its place'),
    },
    isHidden: true,
  },
  async ({ log: toFile, stay: stays }) => {
    const ran = await runOwnDaemon({ ...process.env }, { toFile, stays })
    // By a failure the system starts what is there now.
    exitWith(ran === 'done' ? exitCode.done : exitCode.failed)
  },
)
