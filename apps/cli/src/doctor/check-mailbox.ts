import { daemonHealth } from '../daemon/daemon-health.js'
import { findDaemon } from '../daemon/reach-daemon.js'
import { plural } from '../terminal/format.js'
import { fine, type Check, type Finding } from './check.js'

/** Whether the daemon reaches the mailbox, and whether messages lie there that nobody could handle. */
export const checkMailbox: Check = {
  name: 'mailbox',
  run: async ({ environment }) => {
    const client = await findDaemon(environment)
    const mailbox = client && (await daemonHealth(client)).mailbox
    if (!client || !mailbox) return [fine('looked at where a daemon runs')]
    const { kind, where, problem } = mailbox
    const place = `${kind} at ${where}`
    if (!mailbox.reachable)
      return [unreachable(`${place} cannot be reached: ${problem ?? 'no reason is known'}`)]
    const dead = (await client.mail.agents()).reduce((sum, agent) => sum + agent.dead, 0)
    return dead === 0 ? [fine(place)] : [fine(place), deadLetters(dead)]
  },
}

function unreachable(what: string): Finding {
  return { severity: 'error', what, mend: 'mend what it names, or mailbox in config.jsonc' }
}

function deadLetters(count: number): Finding {
  const what = `${plural(count, 'message')} failed too often, and nobody tries again`
  return { severity: 'warning', what, mend: 'subagent-mcp chat dead' }
}
