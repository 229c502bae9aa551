import { SubagentError } from '@subagent-mcp/contract'
import { projectOf } from '@subagent-mcp/driver-kit'
import { hosts, type SetupOptions } from '@subagent-mcp/installer'
import { z } from 'zod'
import { excludes, flagNeeds } from '../../command/rules.js'
import { choiceArg, commaListArg, jsonFlag, toggle, yesFlag } from '../../command/values.js'
import { withDoctorContext } from '../../doctor/doctor-context.js'
import { commandForScope } from '../../releases/server-command.js'
import { installerOptions } from '../../settings/installer-options.js'
import { runSetup } from '../../setup/run-setup.js'
import { setupAnswerFlags, type SetupAnswerOptions } from '../../setup/setup-steps.js'
import { terminalCommand } from '../../terminal/command-context.js'
import type { Terminal } from '../../terminal/terminal.js'

const hostIds = hosts.map(({ id }) => id)
const hostList = z
  .array(z.enum(hostIds, { error: ({ input }) => `takes ${hostIds.join(', ')}, not '${String(input)}'` }))
  .min(1, 'is empty')

/** Sets up the hosts of this machine in a conversation: shows what was found, asks question by question, writes at its end. */
export const setupCommand = terminalCommand(
  {
    description: 'Register this server in Claude Code, Codex, Gemini CLI and other hosts on this machine',
    details: [
      'Asks at a terminal, one question after another: Enter is yes. Writes after the last one, and Ctrl-C before that writes nothing.',
      'With --yes it asks nothing, registers hosts and hooks, and leaves open what gives agents more or writes into your project: each open question is printed with its option.',
    ],
    examples: [
      'setup --dry-run',
      'setup --host claude,codex --yes',
      'setup --yes --test-commands yes --init yes',
    ],
    flags: {
      host: commaListArg('a,b', 'Only these hosts (default: all that are installed)')
        .pipe(hostList)
        .exactOptional(),
      scope: choiceArg(['user', 'project'], 'Register for you, or for everybody in this project').default(
        'user',
      ),
      ...setupAnswerFlags,
      noTrust: toggle('Do not mark the hooks as trusted in Codex; you do that there with /hooks'),
      suppressNative: toggle("Turn off the hosts' own sub-agents"),
      dryRun: toggle('Print every line that would change, and change nothing'),
      yes: yesFlag,
      json: jsonFlag,
    },
    rules: [flagNeeds('json', 'yes', 'dryRun'), excludes('hooks', ['noHooks'])],
    check: ({ scope, statusLine, wakeCodex }) => {
      if (scope === 'user' || (statusLine ?? wakeCodex) === undefined) return undefined
      const flag = statusLine === undefined ? '--wake-codex' : '--status-line'
      return `${flag} changes settings of yours, not of the project: run setup ${flag} without --scope project`
    },
  },
  ({ host, scope, noTrust, suppressNative, ...options }, terminal) => {
    refuseAgents(options, terminal)
    const wanted: SetupOptions = {
      ...installerOptions(terminal),
      ...{ server: commandForScope(scope), scope, project: projectOf(terminal.cwd), suppressNative },
      ...{ trustCodexHooks: !noTrust },
      ...(host !== undefined && { hosts: host }),
    }
    return withDoctorContext(terminal, (context) => runSetup(wanted, options, { context, terminal }))
  },
)

/** An agent must not widen what agents may do. @throws SubagentError */
function refuseAgents({ wakeCodex, testCommands }: SetupAnswerOptions, terminal: Terminal): void {
  if (wakeCodex !== 'yes' && testCommands !== 'yes') return
  if (!terminal.isInsideAgent()) return
  throw new SubagentError('not-supported', 'an agent cannot allow what agents may do', {
    hint: 'run this in a terminal of your own',
  })
}
