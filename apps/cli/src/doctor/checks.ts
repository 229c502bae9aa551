import type { Check } from './check.js'
import { checkClis } from './check-clis.js'
import { checkConfiguration } from './check-configuration.js'
import { checkDaemon } from './check-daemon.js'
import { checkHookTrust } from './check-hook-trust.js'
import { checkHosts } from './check-hosts.js'
import { checkJournal } from './check-journal.js'
import { checkMailbox } from './check-mailbox.js'
import { checkNode } from './check-node.js'
import { checkOldDaemons } from './check-old-daemons.js'
import { checkOtherServers } from './check-other-servers.js'
import { checkRights } from './check-rights.js'
import { checkSetupRecord } from './check-setup-record.js'
import { checkTimeouts } from './check-timeouts.js'

/** All that is looked at, in the order in which it is told. */
export const checks: readonly Check[] = [
  ...[checkNode, checkClis, checkConfiguration],
  ...[checkSetupRecord, checkHosts, checkHookTrust, checkTimeouts, checkOtherServers],
  ...[checkDaemon, checkOldDaemons, checkJournal, checkMailbox, checkRights],
]
