import { SubagentError } from '@subagent-mcp/contract'
import {
  init,
  type InitPlan,
  type BlockChange,
  type BlockOutcome,
  type BlockPlan,
} from '@subagent-mcp/installer'
import { isAbsolute, normalize, resolve, sep } from 'node:path'
import { z } from 'zod'
import { createFlagExcludesRule } from '../../command/arg-rules.js'
import { cliParamNotes, textArgSchema, booleanArgSchema, yesFlag } from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import { findGitRepositoryRoot, isSubagentMcpRepository } from '../../setup/git-repository.js'
import { createInstallerOptions } from '../../settings/installer-options.js'
import { createUsageError } from '../../command/create-usage-error.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'
import { formatCountWithNoun } from '../../terminal/format.js'
import { askYesByDefault } from '../../terminal/input.js'
import type { Terminal } from '../../terminal/terminal.js'
import { formatInstructionFileDiff } from '../../setup/setup-lines.js'
import { createInitFileJsonData } from '../../setup/setup-report.js'
import { printJson, printLines } from '../../terminal/print.js'
import { escapeForTerminal } from '../../terminal/text.js'

/** Writes a text that tells models when to delegate into instruction files such as AGENTS.md, or removes it. @throws SubagentError */
export const initCommand = defineTerminalCommand(
  {
    description: 'Add a text to AGENTS.md, CLAUDE.md and GEMINI.md that tells models when to delegate',
    details: [
      'Everything else in these files stays as it is. A file that is a link to another, or imports AGENTS.md, does not get the text twice.',
      'At a terminal init shows the changes and asks first. It warns if a file is so long that Codex would not read the text.',
    ],
    examples: ['init', 'init --root ../app --yes', 'init --global --dry-run'],
    flags: {
      root: textArgSchema(
        'folder',
        'Folder of the project (default: the git repository here)',
      ).exactOptional(),
      global: booleanArgSchema('Write the files of your home folder that hosts read in all projects'),
      files: z
        .string()
        .transform(readFiles)
        .describe('Write only these files of the project, separated by commas')
        .register(cliParamNotes, { hint: 'a.md,b.md' })
        .exactOptional(),
      copilot: booleanArgSchema('Also write .github/copilot-instructions.md, for GitHub Copilot'),
      cursor: booleanArgSchema('Also write .cursor/rules/subagent-mcp.mdc, for Cursor'),
      dryRun: booleanArgSchema('Print each line that would change, and change nothing'),
      remove: booleanArgSchema('Remove the text that init wrote earlier'),
      yes: yesFlag,
      force: booleanArgSchema('Write the text even in the repository of subagent-mcp itself'),
      json: booleanArgSchema('Print the result for each file as JSON instead of text, for scripts'),
    },
    rules: [createFlagExcludesRule('global', ['root', 'files', 'copilot', 'cursor'])],
  },
  async ({ root, global, files, copilot, cursor, dryRun, remove, yes, force, json }, terminal) => {
    const project = { type: 'project', copilot, cursor, ...(files && { files }) } as const
    const target = global ? ({ type: 'global' } as const) : { ...project, root: rootOf(root, terminal.cwd) }
    const plan = init({ ...createInstallerOptions(terminal), target, remove })
    if (plan.project !== undefined && !force && isSubagentMcpRepository(plan.project)) {
      const hint = 'its instructions are for people who develop it; --force writes nevertheless'
      throw new SubagentError('invalid-parameter', `${plan.project} is the source of subagent-mcp`, { hint })
    }
    if (!dryRun && !yes && !json && !(await isAgreed(plan, terminal))) {
      await terminal.stderr.print('nothing was written\n')
      return exitCode.failed
    }
    const results = dryRun ? plan.files : plan.apply()
    await printInitBlocks(results, { notes: plan.notes, dryRun, json }, terminal)
    return results.some(({ type }) => type === 'refused') ? exitCode.failed : exitCode.done
  },
)

/** Returns the folder that the user names, or the git repository around the current folder. @throws SubagentError if neither exists */
function rootOf(named: string | undefined, cwd: string): string {
  if (named !== undefined) return resolve(cwd, named)
  const repository = findGitRepositoryRoot(cwd)
  if (repository !== undefined) return repository
  const hint = 'name the project with --root, or --global for the files of your hosts'
  throw createUsageError(`${cwd} is in no git repository`, hint)
}

/** Shows the planned changes to the person at the terminal, and asks. Without a person, or without changes, there is nothing to ask. */
async function isAgreed({ files, notes }: InitPlan, terminal: Terminal): Promise<boolean> {
  const changes = files.filter(({ type }) => type === 'change')
  if (!terminal.ask || changes.length === 0) return true
  await printInitBlocks(changes, { notes, dryRun: true, json: false }, terminal)
  return (await askYesByDefault(terminal, `write ${formatCountWithNoun(changes.length, 'file')}?`)) ?? false
}

function readFiles(value: string, context: z.RefinementCtx): string[] {
  const refuse = (message: string) => {
    context.issues.push({ code: 'custom', message, input: value })
    return z.NEVER
  }
  const names = value.split(',').map((name) => name.trim())
  const outside = names.find((name) => name === '' || isAbsolute(name) || leadsOut(name))
  if (outside !== undefined) return refuse(`takes files below the root, not '${outside}'`)
  const unfit = names.find((name) => !isTextFile(name))
  if (unfit === undefined) return names
  return refuse(`takes .md, .mdc and .txt files outside of .git, not '${unfit}'`)
}

/** Whether `init` may write its block into a file: only Markdown and text outside of `.git`, because it could break others. */
function isTextFile(name: string): boolean {
  const isInGit = normalize(name).toLowerCase().split(sep).includes('.git')
  return /\.(md|mdc|txt)$/i.test(name) && !isInGit
}

function leadsOut(name: string): boolean {
  const path = normalize(name)
  return path === '..' || path.startsWith(`..${sep}`)
}

/** Prints planned changes of files as diffs, or the outcome for each file, and notes on stderr. */
export async function printInitBlocks(
  files: readonly (BlockPlan | BlockOutcome)[],
  { notes, dryRun, json }: { notes: readonly string[]; dryRun: boolean; json: boolean },
  terminal: Terminal,
): Promise<void> {
  const { stdout, stderr } = terminal
  if (json) return void (await printJson(terminal, { files: files.map(createInitFileJsonData), notes }))
  const diffs = files.flatMap((file) => (file.type === 'change' ? [formatInstructionFileDiff(file)] : []))
  await stdout.print(escapeForTerminal(diffs.join('')))
  const lines = files.flatMap((file) => (file.type === 'change' ? [] : [outcomeLine(file)]))
  await printLines(dryRun ? stderr : stdout, lines)
  const isWritten = files.some(({ type }) => type === 'written')
  await printLines(stderr, [
    ...notes.map((note) => line('note', note)),
    ...(isWritten ? ['hosts read it in their next session'] : []),
  ])
}

function outcomeLine(outcome: Exclude<BlockPlan | BlockOutcome, BlockChange>): string {
  const { type, path } = outcome
  if (type === 'refused') return line(type, `${path}: ${outcome.why}`)
  if (type === 'covered')
    return line(type, `${path} ${outcome.how === 'link' ? 'is' : 'imports'} ${outcome.by}`)
  return line(type, path)
}

function line(word: string, text: string): string {
  return escapeForTerminal(`${word.padEnd(10)} ${text}`)
}
