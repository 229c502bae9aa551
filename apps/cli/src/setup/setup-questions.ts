import { isPathInside } from '@subagent-mcp/contract'
import { createCodexWakeChange, createTestCommandsChange, type InitPlan } from '@subagent-mcp/installer'
import { join } from 'node:path'
import { choiceArgSchema, booleanArgSchema } from '../command/arg-schemas.js'
import type { CliArgs, NoArgs } from '../command/command-spec.js'
import { formatShortPath } from '../terminal/format.js'
import {
  formatFileDiffLines,
  formatInitDiffLines,
  formatSetupPlanLines,
  type SetupScreenStyle,
} from './setup-lines.js'
import {
  planInitFiles,
  type SetupAnswerEffects,
  type SetupSituation,
  type SetupFilePlan,
} from './setup-situation.js'

const yesOrNo = ['yes', 'no'] as const

/** The options of `setup` that answer its questions. */
export const setupAnswerFlags = {
  hooks: booleanArgSchema('Register hooks in the hosts, also after an earlier setup with --no-hooks'),
  noHooks: booleanArgSchema(
    'Register no hooks; then hosts learn of finished agents and messages only when they ask',
  ),
  statusLine: choiceArgSchema(yesOrNo, 'Whether Claude Code shows agents in its status line').exactOptional(),
  wakeCodex: choiceArgSchema(yesOrNo, 'Whether finished agents wake idle sessions of Codex').exactOptional(),
  testCommands: choiceArgSchema(yesOrNo, 'Whether agents may run the tests here unasked').exactOptional(),
  init: choiceArgSchema(yesOrNo, 'Whether AGENTS.md and others say when to delegate').exactOptional(),
}

/** The values of the options of `setup` that answer its questions. */
export type SetupAnswerOptions = CliArgs<typeof setupAnswerFlags, NoArgs>

type YesOrNo = (typeof yesOrNo)[number]

/** A question of setup that is answered with yes or no. Yes is the default at a terminal. */
export type YesNoSetupQuestion = {
  /** The name of the question in the output of `--json`. */
  id: string
  /** The options that answer the question, as a user types them. */
  flags: string
  /** Returns the answer that the options of the command line give to the question; undefined for none. */
  given(options: SetupAnswerOptions): boolean | undefined
  /** Whether the question of setup matters on this machine and in this project. */
  concerns(view: SetupSituation): boolean
  /** Returns the answer that is in force, so that the question is not asked; undefined for none. `plan` has the answers so far. */
  settled(view: SetupSituation, plan: () => SetupFilePlan): boolean | undefined
  /** The answer that `setup --yes` gives to the question; undefined leaves it open. */
  unattended: boolean | undefined
  /** Describes in one line what an answer to the question means. */
  words(answer: boolean, view: SetupSituation): string
  /** The lines that a terminal shows above the question. */
  lines(view: SetupSituation, plan: () => SetupFilePlan, reader: SetupScreenStyle): readonly string[]
  question(view: SetupSituation): string
  /** The lines that a terminal shows if the user types `d` (details). Default: none. */
  details?(view: SetupSituation, plan: () => SetupFilePlan, reader: SetupScreenStyle): readonly string[]
  /** Whether setup ends without writing if the answer is no. Default: false. */
  isRequired?: true
  effect(answer: boolean, view: SetupSituation): SetupAnswerEffects
}

/** The questions of setup in their order. A new question is a row here, and its option is in `setupAnswerFlags`. */
export const setupQuestions: readonly YesNoSetupQuestion[] = [
  {
    id: 'hosts',
    flags: '--host a,b',
    given: () => undefined,
    concerns: () => true,
    settled: (_, plan) => plan().setup.files.every(({ type }) => type === 'unchanged') || undefined,
    unattended: true,
    words: (_, { hosts }) => `registered in ${labelsOf(hosts)}`,
    lines: (_, plan, reader) => formatSetupPlanLines(plan().setup.files, reader),
    question: ({ hosts }) => `Register subagent-mcp in ${labelsOf(hosts)}?`,
    details: (_, plan, reader) => formatFileDiffLines(plan().setup.files, reader.stdout.paint),
    isRequired: true,
    effect: () => ({}),
  },
  {
    id: 'hooks',
    flags: '--hooks or --no-hooks',
    given: ({ hooks, noHooks }) => (hooks ? true : noHooks ? false : undefined),
    concerns: ({ hookedHosts }) => hookedHosts.length > 0,
    settled: ({ chosenHooks }) => chosenHooks,
    unattended: true,
    words: (answer, { hookedHosts }) =>
      answer
        ? `${labelsOf(hookedHosts)} learn by hooks that an agent has finished`
        : `${labelsOf(hookedHosts)} have no hooks of ours: setup --hooks registers them`,
    lines: ({ hookedHosts }) => [
      `Hooks tell a session of ${labelsOf(hookedHosts)} that an agent has finished or asks.`,
      ...(hookedHosts.some(({ id }) => id === 'claude')
        ? ['An idle session of Claude Code starts a turn with the result.']
        : []),
    ],
    question: () => 'Install the hooks?',
    effect: (hooks) => ({ hooks }),
  },
  {
    id: 'status-line',
    flags: '--status-line yes|no',
    given: ({ statusLine }) => answerOf(statusLine),
    concerns: ({ hosts, options: { scope = 'user' } }) =>
      scope === 'user' && hosts.some(({ id }) => id === 'claude'),
    settled: ({ statusLine }) => statusLine,
    unattended: undefined,
    words: (answer) =>
      answer
        ? 'the status line of Claude Code shows agents at work'
        : 'the status line of Claude Code stays as it is',
    lines: () => [
      'The status line of Claude Code, below its prompt, can show your agents, such as: 2 agents at work · 1 asks',
    ],
    question: () => 'Show agents there?',
    effect: (statusLine) => ({ statusLine }),
  },
  {
    id: 'codex-wake',
    flags: '--wake-codex yes|no',
    given: ({ wakeCodex }) => answerOf(wakeCodex),
    concerns: ({ hosts, config, options: { scope = 'user' } }) =>
      scope === 'user' && config !== undefined && hosts.some(({ id }) => id === 'codex'),
    settled: ({ config }) => config?.read.wake.codex,
    unattended: undefined,
    words: (answer) =>
      answer
        ? 'idle sessions of Codex are woken when an agent has finished'
        : 'sessions of Codex are not woken',
    lines: () => [
      'Codex has no hook that wakes an idle session. Instead a message can start a turn when an agent has finished or asks. Codex shows that message as yours.',
    ],
    question: () => 'Wake idle sessions of Codex?',
    effect: (isOn, { config }) =>
      config ? { settings: [createCodexWakeChange({ path: config.path, isOn })] } : {},
  },
  {
    id: 'test-commands',
    flags: '--test-commands yes|no',
    given: ({ testCommands }) => answerOf(testCommands),
    concerns: ({ config, tests }) => config !== undefined && tests !== undefined,
    settled: (view) => settledTests(view),
    unattended: undefined,
    words: (answer, { tests, home }) => {
      const folder = formatShortPath(tests?.folder ?? '', home)
      return answer
        ? `agents in ${folder} run its tests without asking`
        : `agents in ${folder} ask before its tests`
    },
    lines: ({ tests, home }) => [
      `Agents ask before they run a command. These run the tests of ${formatShortPath(tests?.folder ?? '', home)}:`,
      ...(tests?.commands ?? []).map(({ command, file }) => `  ${command.padEnd(20)} ${file}`),
      'They also run what an agent has written there.',
    ],
    question: () => 'Let agents run them in this project without asking?',
    effect: (answer, view) => testsEffect(answer, view),
  },
  {
    id: 'init',
    flags: '--init yes|no',
    given: ({ init }) => answerOf(init),
    concerns: ({ repository }) => repository !== undefined,
    settled: ({ repository, options }) => (changesOf(options, repository).length === 0 ? true : undefined),
    unattended: undefined,
    words: (answer, { repository = '', home }) =>
      `${formatShortPath(repository, home)} ${answer ? 'has' : 'gets no'} text on when to delegate`,
    lines: ({ options, repository }, _, { home }) => [
      'init writes a short text on when to delegate, which hosts read in this project:',
      ...changesOf(options, repository).map(({ path }) => `  ${formatShortPath(path, home)}`),
    ],
    question: () => 'Write it?',
    details: ({ options, repository }, _, { stdout }) =>
      formatInitDiffLines(changesOf(options, repository), stdout.paint),
    effect: (init) => ({ init }),
  },
]

function answerOf(word: YesOrNo | undefined): boolean | undefined {
  return word === undefined ? undefined : word === 'yes'
}

function labelsOf(hosts: SetupSituation['hosts']): string {
  const labels = hosts.map(({ label }) => label)
  return labels.length < 2 ? labels.join('') : `${labels.slice(0, -1).join(', ')} and ${labels.at(-1)}`
}

function changesOf(options: SetupSituation['options'], repository: string | undefined): InitPlan['files'] {
  if (repository === undefined) return []
  return planInitFiles(options, repository).files.filter(({ type }) => type === 'change')
}

/** Whether the user's configuration has an answer for the project itself, or allows all its test commands already. */
function settledTests({ config, tests, home }: SetupSituation): boolean | undefined {
  if (config === undefined || tests === undefined) return undefined
  const listed = Object.entries(config.read.permissions.testCommands)
  const pathOf = (folder: string): string => (folder.startsWith('~/') ? join(home, folder.slice(2)) : folder)
  const here = listed.filter(([folder]) => folder === '*' || isPathInside(pathOf(folder), tests.folder))
  const allowed = here.flatMap(([, commands]) => commands)
  if (tests.commands.every(({ pattern }) => allowed.includes(pattern))) return true
  const own = here.find(([folder]) => folder !== '*' && pathOf(folder) === tests.folder)
  return own && own[1].length > 0
}

/** Returns how an answer about test commands changes the settings. A no is stored as an empty list, so that it is not asked again. */
function testsEffect(answer: boolean, { config, tests, home, options }: SetupSituation): SetupAnswerEffects {
  if (config === undefined || tests === undefined) return {}
  const { testCommands } = config.read.permissions
  const short = options.machine.platform === 'win32' ? tests.folder : formatShortPath(tests.folder, home)
  const folder = testCommands[tests.folder] ? tests.folder : short
  const found = answer ? tests.commands.map(({ pattern }) => pattern) : []
  const commands = [...new Set([...(answer ? (testCommands[folder] ?? []) : []), ...found])]
  return { settings: [createTestCommandsChange({ path: config.path, folder, commands })] }
}
