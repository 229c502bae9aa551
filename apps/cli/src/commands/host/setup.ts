import { projectRootOf } from '@subagent-mcp/driver-kit'
import { hosts, type SetupOptions } from '@subagent-mcp/installer'
import { z } from 'zod'
import { flagExcludes, flagNeeds } from '../../command/arg-rules.js'
import { choiceArg, commaListArg, jsonFlag, boolArg, yesFlag } from '../../command/arg-schemas.js'
import { withDoctorContext } from '../../doctor/doctor-context.js'
import { serverCommandForScope } from '../../releases/server-command.js'
import { installerOptions } from '../../settings/installer-options.js'
import { runSetupCommand } from '../../setup/run-setup.js'
import { setupAnswerFlags } from '../../setup/setup-questions.js'
import { commandWithTerminal } from '../../terminal/command-context.js'
import { refuseSubAgents } from '../../terminal/person.js'

const hostIds = hosts.map(({ id }) => id)
const hostList = z
  .array(z.enum(hostIds, { error: ({ input }) => `takes ${hostIds.join(', ')}, not '${String(input)}'` }))
  .min(1, 'is empty')

export const setupCommand = commandWithTerminal(
  {
    description: 'Add the tools of subagent-mcp to Claude Code, Codex, Gemini CLI and other hosts here',
    details: [
      'Asks one question after another at a terminal: Enter is yes. Writes files after the last answer; Ctrl-C before that writes nothing.',
      'With --yes setup registers hosts and hooks without asking. Questions that would give agents more rights or write into your project stay open, and are printed with their options.',
    ],
    examples: [
      'setup --dry-run',
      'setup --host claude,codex --yes',
      'setup --yes --test-commands yes --init yes',
    ],
    flags: {
      host: commaListArg('a,b', 'Only these hosts, as in claude,codex (default: all installed)')
        .pipe(hostList)
        .exactOptional(),
      scope: choiceArg(
        ['user', 'project'],
        'Set up for you in all projects, or for everybody in this one',
      ).default('user'),
      ...setupAnswerFlags,
      noTrust: boolArg('Do not mark the hooks as trusted in Codex; you do that there with /hooks'),
      suppressNative: boolArg('Turn off the sub-agents of hosts, so that they use those of subagent-mcp'),
      dryRun: boolArg('Print each line of each file that would change, and change nothing'),
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
    // An agent must not widen the rights of agents.
    if (options.wakeCodex === 'yes' || options.testCommands === 'yes')
      refuseSubAgents(
        terminal,
        'an agent cannot run setup, which decides what agents may do',
        'run this in a terminal of your own',
      )
    const wanted: SetupOptions = {
      ...installerOptions(terminal),
      ...{
        server: serverCommandForScope(scope),
        scope,
        project: projectRootOf(terminal.cwd),
        suppressNative,
      },
      ...{ trustCodexHooks: !noTrust },
      ...(host !== undefined && { hosts: host }),
    }
    return withDoctorContext(terminal, (context) => runSetupCommand(wanted, options, { context, terminal }))
  },
)
