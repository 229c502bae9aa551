import type { DoctorCheck } from './run-doctor-checks.js'
import { checkDaemon, checkJournal, checkMailbox, checkOldDaemons } from './check-daemon.js'
import { checkHookTrust, checkOtherMcpServers, checkHostTimeouts } from './check-host-entries.js'
import { checkHosts, checkPlugins, checkAgentNoticeWays } from './check-hosts.js'
import {
  checkConfiguration,
  checkNodeVersion,
  checkProviderClis,
  checkSetupRecord,
  checkWorktrees,
} from './check-program.js'
import { checkNotify } from './check-notify.js'
import { checkStateFolderRights } from './check-state-folder.js'

/** The checks of `doctor` on the configuration and on the files of hosts. */
export const doctorHostChecks: readonly DoctorCheck[] = [
  { name: 'configuration', run: checkConfiguration },
  { name: 'setup record', run: checkSetupRecord },
  { name: 'hosts', run: checkHosts },
  { name: 'plugins', run: checkPlugins },
  { name: 'finished agents', run: checkAgentNoticeWays },
  { name: 'hook trust', run: checkHookTrust },
  { name: 'time-outs', run: checkHostTimeouts },
  { name: 'other servers', run: checkOtherMcpServers },
]

/** All checks of `doctor`, in the order in which they run. */
export const doctorChecks: readonly DoctorCheck[] = [
  { name: 'node', run: checkNodeVersion },
  { name: 'CLIs', run: checkProviderClis },
  ...doctorHostChecks,
  { name: 'daemon', run: (context) => checkDaemon(context) },
  { name: 'old versions', run: checkOldDaemons },
  { name: 'journal', run: checkJournal },
  { name: 'mailbox', run: checkMailbox },
  { name: 'notify', run: checkNotify },
  { name: 'worktrees', run: checkWorktrees },
  { name: 'rights', run: checkStateFolderRights },
]
