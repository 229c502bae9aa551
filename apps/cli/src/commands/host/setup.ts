import { SubagentError } from '@subagent-mcp/contract'
import { projectRootOf } from '@subagent-mcp/driver-kit'
import { hosts, type SetupOptions } from '@subagent-mcp/installer'
import { z } from 'zod'
import { flagExcludes, flagNeeds } from '../../command/rules.js'
import { choiceArg, commaListArg, jsonFlag, boolArg, yesFlag } from '../../command/values.js'
import { withDoctorContext } from '../../doctor/doctor-context.js'
import { commandForScope } from '../../releases/server-command.js'
import { installerOptions } from '../../settings/installer-options.js'
import { runSetupCommand } from '../../setup/run-setup.js'
import { setupAnswerFlags, type SetupAnswerOptions } from '../../setup/setup-steps.js'
import { terminalCommand } from '../../terminal/command-context.js'
import type { Terminal } from '../../terminal/terminal.js'

const hostIds = hosts.map(({ id }) => id)
const hostList = z
  .array(z.enum(hostIds, { error: ({ input }) => `takes ${hostIds.join(', ')}, not '${String(input)}'` }))
  .min(1, 'is empty')

export const setupCommand = terminalCommand(
  {
    description: 'Register subagent-mcp in Claude Code, Codex, Gemini CLI and other hosts on this machine',
    details: [
      'Asks at a terminal, one question after another: Enter is yes. Writes after the last one, and Ctrl-C before that writes nothing.',
      'With --yes setup asks nothing, and registers hosts and hooks. It leaves open the questions that give agents more rights or write into your project, and prints each with its option.',
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
      noTrust: boolArg('Do not mark the hooks as trusted in Codex; you do that there with /hooks'),
      suppressNative: boolArg("Turn off the hosts' own sub-agents"),
      dryRun: boolArg('Print every line that would change, and change nothing'),
      yes: yesFlag,
      json: jsonFlag,
    },
    rules: [flagNeeds('json', 'yes', 'dryRun'), flagExcludes('hooks', ['noHooks'])],
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
      ...{ server: commandForScope(scope), scope, project: projectRootOf(terminal.cwd), suppressNative },
      ...{ trustCodexHooks: !noTrust },
      ...(host !== undefined && { hosts: host }),
    }
    return withDoctorContext(terminal, (context) => runSetupCommand(wanted, options, { context, terminal }))
  },
)

/** Refuses setup inside an agent, because an agent must not widen the permissions of agents. @throws SubagentError */
function refuseAgents({ wakeCodex, testCommands }: SetupAnswerOptions, terminal: Terminal): void {
  if (wakeCodex !== 'yes' && testCommands !== 'yes') return
  if (!terminal.isInsideAgent()) return
  throw new SubagentError('not-supported', 'an agent cannot run setup, which decides what agents may do', {
    hint: 'run this in a terminal of your own',
  })
}
