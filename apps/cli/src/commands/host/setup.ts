import { hosts } from '@subagent-mcp/installer'
import { z } from 'zod'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { needs } from '../../command/rules.js'
import { choice, commaList, jsonFlag, toggle } from '../../command/values.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { setUpHosts, type SetupOrder } from './set-up-hosts.js'

const hostIds = hosts.map(({ id }) => id)
const hostList = z
  .array(z.enum(hostIds, { error: ({ input }) => `takes ${hostIds.join(', ')}, not '${String(input)}'` }))
  .min(1, 'is empty')

/** How `setup` is called. */
export const setupSpec = commandSpec({
  description: 'Register this server in Claude Code, Codex, Gemini CLI and other hosts on this machine',
  details: ['Prints the plan, asks once, writes, and names the hosts that must be restarted.'],
  flags: {
    host: commaList('a,b', 'Only these hosts (default: all that are installed)')
      .pipe(hostList)
      .exactOptional(),
    scope: choice(['user', 'project'], 'Register it for you, or for everybody in this project').default(
      'user',
    ),
    noHooks: toggle('Do not register the hooks of orchestration mode and mail'),
    noTrust: toggle('Do not mark the hooks as trusted in Codex; you do that there with /hooks'),
    suppressNative: toggle("Turn off the hosts' own sub-agents"),
    dryRun: toggle('Print every line that would change, and change nothing'),
    yes: toggle('Do not ask', 'y'),
    json: jsonFlag,
  },
  rules: [needs('json', 'yes', 'dryRun')],
})

/** Registers this server in the hosts of this machine. */
export const setup = defineCommand(setupSpec, (args) =>
  withTerminal((terminal) => setUpHosts(setupOrder(args), terminal)),
)

/** What the command line asks for. */
export function setupOrder({ host, noHooks, noTrust, ...args }: ArgsOf<typeof setupSpec>): SetupOrder {
  return { ...args, hooks: !noHooks, trust: !noTrust, ...(host !== undefined && { hosts: host }) }
}
