import { projectOf } from '@subagent-mcp/driver-kit'
import { hosts, setup, type FilePlan, type SetupOptions, type SetupPlan } from '@subagent-mcp/installer'
import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { flagNeeds } from '../../command/rules.js'
import { choiceArg, commaListArg, jsonFlag, toggle, yesFlag } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { commandForScope } from '../../releases/server-command.js'
import { configPath } from '../../settings/config.js'
import { installerOptions } from '../../settings/installer-options.js'
import { readUserFiles } from '../../settings/user-files.js'
import { terminalCommand } from '../../terminal/command-context.js'
import { plural } from '../../terminal/format.js'
import { askYesNo, agreesByDefault } from '../../terminal/input.js'
import { printLines } from '../../terminal/print.js'
import type { Terminal } from '../../terminal/terminal.js'
import { jsonText } from '../../terminal/text.js'
import {
  fileDiffLines,
  setupPlanLines,
  setupJsonData,
  setupSummaryLines,
  wakeLines,
  wakeQuestion,
} from './setup-text.js'

const hostIds = hosts.map(({ id }) => id)
const hostList = z
  .array(z.enum(hostIds, { error: ({ input }) => `takes ${hostIds.join(', ')}, not '${String(input)}'` }))
  .min(1, 'is empty')

/** Shows the plan of setup, asks, writes the files of the hosts, and prints the next step. */
export const setupCommand = terminalCommand(
  {
    description: 'Register this server in Claude Code, Codex, Gemini CLI and other hosts on this machine',
    details: [
      'Prints the plan, asks once, writes, and names the hosts that must be restarted.',
      'Also asks, until you have answered, whether idle sessions of Codex are woken; with --yes they are not.',
    ],
    examples: ['setup --dry-run', 'setup --host claude,codex --yes'],
    flags: {
      host: commaListArg('a,b', 'Only these hosts (default: all that are installed)')
        .pipe(hostList)
        .exactOptional(),
      scope: choiceArg(['user', 'project'], 'Register for you, or for everybody in this project').default(
        'user',
      ),
      noHooks: toggle('Do not register the hooks of orchestration mode and mail'),
      noTrust: toggle('Do not mark the hooks as trusted in Codex; you do that there with /hooks'),
      suppressNative: toggle("Turn off the hosts' own sub-agents"),
      dryRun: toggle('Print every line that would change, and change nothing'),
      yes: yesFlag,
      json: jsonFlag,
    },
    rules: [flagNeeds('json', 'yes', 'dryRun')],
  },
  async ({ host, scope, noHooks, noTrust, suppressNative, dryRun, yes, json }, terminal) => {
    const { stdout, stderr } = terminal
    const server = commandForScope(scope)
    const wanted: SetupOptions = {
      ...installerOptions(terminal),
      ...{ server, scope, project: projectOf(terminal.cwd), suppressNative },
      ...{ hooks: !noHooks, trustCodexHooks: !noTrust },
      ...(host !== undefined && { hosts: host }),
    }
    const { plan, openQuestion } = await planWithAnswer(wanted, terminal, { asks: !yes && !dryRun })
    const files = plan.files.filter((item) => item.type === 'write')
    if (scope === 'project' && isAbsolute(server.command) && files.length > 0) await stderr.print(onlyHere)
    const diff = dryRun || (!yes && !terminal.ask) ? fileDiffLines(files, stdout.paint) : []
    const open = openQuestion === undefined ? [] : wakeLines(openQuestion, terminal)
    if (!json) await printLines(stdout, [...setupPlanLines(plan.files, terminal), ...open, ...diff])
    if (dryRun || !(yes || (await isAgreed(files, terminal)))) {
      if (json) await stdout.print(`${jsonText(setupJsonData(plan, { openQuestion }), 2)}\n`)
      else if (!dryRun) await stderr.print('nothing was written\n')
      const isPossible = dryRun && plan.files.every(({ type }) => type !== 'refused')
      return isPossible ? exitCode.done : exitCode.failed
    }
    const result = await plan.apply(() => stderr.print('asking codex whether it trusts our hooks ...\n'))
    const data = (): string => jsonText(setupJsonData(plan, { openQuestion, result }), 2)
    await printLines(stdout, json ? [data()] : setupSummaryLines(plan, result, terminal))
    return result.isComplete ? exitCode.done : exitCode.failed
  },
)

/** A plan, with the path of `config.jsonc` if it has no answer to whether sessions of Codex are woken. */
type AnsweredPlan = { plan: SetupPlan; openQuestion: string | undefined }

/** Plans the setup. Asks a person whether sessions of Codex are woken, once: the answer is a part of the plan. */
async function planWithAnswer(
  wanted: SetupOptions,
  terminal: Terminal,
  { asks }: { asks: boolean },
): Promise<AnsweredPlan> {
  const plan = setup(wanted)
  const { config, problem } = readUserFiles(terminal.environment)
  const isOpen = problem === undefined && config.wake.codex === undefined && wanted.scope === 'user'
  if (!isOpen || !plan.hosts.some(({ id }) => id === 'codex')) return { plan, openQuestion: undefined }
  const path = configPath(terminal.environment)
  const isOn = asks ? await agreesByDefault(terminal, wakeQuestion) : undefined
  if (isOn === undefined) return { plan, openQuestion: path }
  return { plan: setup({ ...wanted, codexWake: { path, isOn } }), openQuestion: undefined }
}

const onlyHere =
  'these files of the project will name a path of this machine, since this copy of subagent-mcp is not known to come from a registry: do not commit them. With npx subagent-mcp@<version> setup --scope project they name the package, which works for everybody\n'

/** Asks the person to agree to the changes; without asking, returns true when no file would change. */
async function isAgreed(files: readonly FilePlan[], terminal: Terminal): Promise<boolean> {
  if (files.length === 0) return true
  return askYesNo(terminal, `write ${plural(files.length, 'file')}?`, 'subagent-mcp setup --yes does not ask')
}
