import { findProjectRoot } from '@subagent-mcp/driver-kit'
import { hosts, type SetupOptions } from '@subagent-mcp/installer'
import { z } from 'zod'
import { createFlagExcludesRule, createFlagNeedsRule } from '../../command/arg-rules.js'
import {
  choiceArgSchema,
  commaListArgSchema,
  jsonFlag,
  booleanArgSchema,
  yesFlag,
} from '../../command/arg-schemas.js'
import { withDoctorContext } from '../../doctor/doctor-context.js'
import { getServerCommandForScope } from '../../releases/server-command.js'
import { createInstallerOptions } from '../../settings/installer-options.js'
import { runSetupCommand } from '../../setup/run-setup.js'
import { setupAnswerFlags } from '../../setup/setup-questions.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'
import { refuseSubAgents } from '../../terminal/person.js'

const hostIds = hosts.map(({ id }) => id)
const hostList = z
  .array(z.enum(hostIds, { error: ({ input }) => `takes ${hostIds.join(', ')}, not '${String(input)}'` }))
  .min(1, 'is empty')

export const setupCommand = defineTerminalCommand(
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
      host: commaListArgSchema('a,b', 'Only these hosts, as in claude,codex (default: all installed)')
        .pipe(hostList)
        .exactOptional(),
      scope: choiceArgSchema(
        ['user', 'project'],
        'Set up for you in all projects, or for everybody in this one',
      ).default('user'),
      ...setupAnswerFlags,
      noTrust: booleanArgSchema('Do not mark the hooks as trusted in Codex; you do that there with /hooks'),
      suppressNative: booleanArgSchema(
        'Turn off the sub-agents of hosts, so that they use those of subagent-mcp',
      ),
      dryRun: booleanArgSchema('Print each line of each file that would change, and change nothing'),
      yes: yesFlag,
      json: jsonFlag,
    },
    rules: [createFlagNeedsRule('json', 'yes', 'dryRun'), createFlagExcludesRule('hooks', ['noHooks'])],
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
      ...createInstallerOptions(terminal),
      ...{
        server: getServerCommandForScope(scope),
        scope,
        project: findProjectRoot(terminal.cwd),
        suppressNative,
      },
      ...{ trustCodexHooks: !noTrust },
      ...(host !== undefined && { hosts: host }),
    }
    return withDoctorContext(terminal, (context) => runSetupCommand(wanted, options, { context, terminal }))
  },
)
