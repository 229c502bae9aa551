import type { ChangeActionAnswer, AgentChanges } from '@subagent-mcp/api'
import type { DaemonClient } from '@subagent-mcp/client'
import { SubagentError } from '@subagent-mcp/contract'
import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import { createFlagExcludesRule } from '../../command/arg-rules.js'
import {
  agentArgument,
  jsonFlag,
  textArgSchema,
  booleanArgSchema,
  yesFlag,
} from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import { formatChangeCount, formatChangedFileLines, colourDiff } from '../../terminal/changes-text.js'
import { chooseAgent } from '../../terminal/choose-agent.js'
import { type CommandContext, defineDaemonCommand } from '../../terminal/command-context.js'
import { askYesNo } from '../../terminal/input.js'
import { describeTerminalCaller } from '../../terminal/person.js'
import { printJson, printRemarks, printResult } from '../../terminal/print.js'

export const changesCommand = defineDaemonCommand(
  {
    description: 'Show the diff of what an agent changed; apply, discard or undo it, or make a branch of it',
    details: [
      'Prints what the agent changed since its launch, or since the last --apply.',
      '--undo is for agents that edited the files of your checkout directly: your own edits stay, and a conflict changes nothing.',
      '--apply merges all changes into your files without a commit, or none of them if one file is in conflict. Staged changes stay.',
      '--branch commits the changes to a new branch of your repository, and does not check it out.',
      '--discard ends the agent, and deletes its worktree (its private copy of the repository).',
    ],
    examples: ['changes k3f9', 'changes k3f9 --apply', 'changes k3f9 --branch agent/cart'],
    words: { agent: agentArgument },
    flags: {
      apply: booleanArgSchema('Merge what the agent changed in its worktree into the files of your checkout'),
      discard: booleanArgSchema('End the agent, and delete its worktree with all changes; asks first'),
      undo: booleanArgSchema('Take back what an agent without a worktree changed in your checkout'),
      branch: textArgSchema('name', 'Commit the changes to a new git branch of this name').exactOptional(),
      stat: booleanArgSchema('List only the changed files with their counts of lines, without the diff'),
      yes: yesFlag,
      json: jsonFlag,
    },
    rules: [
      createFlagExcludesRule('apply', ['discard', 'branch', 'undo', 'stat']),
      createFlagExcludesRule('discard', ['branch', 'undo', 'stat']),
      createFlagExcludesRule('branch', ['undo', 'stat']),
      createFlagExcludesRule('undo', ['stat']),
    ],
  },
  async ({ agent: word, ...options }, context) => {
    const id = await idOf(word, context.client)
    if (options.apply || options.discard || options.undo || options.branch !== undefined)
      return act(id, options, context)
    return show(await context.client.changes(id), options, context)
  },
)

/** Returns the id of the agent that a word names; the word itself for a deleted agent, because its worktree may still exist. */
async function idOf(word: string, client: Pick<DaemonClient, 'agents'>): Promise<string> {
  try {
    return chooseAgent(await client.agents(), word).id
  } catch (error) {
    if (error instanceof SubagentError && error.code === 'unknown-agent') return word
    throw error
  }
}

async function show(
  changes: AgentChanges,
  { stat, json }: { stat: boolean; json: boolean },
  { terminal }: CommandContext,
): Promise<number> {
  const { id, files, patch, patchCut, folder, left, inPlace } = changes
  if (json) return printJson(terminal, changes)
  const text = stat ? formatChangedFileLines(files).join('\n') : colourDiff(patch, terminal.stdout)
  if (files.length > 0) await printResult(terminal, false, { text, data: undefined })
  const none = `${id} has no changes${inPlace ? '' : ' that are not applied'}; it works in ${folder}`
  const next = inPlace
    ? `${formatChangeCount(files)}, in your checkout, with what others edited there during its turns; to take them back: subagent-mcp changes ${id} --undo`
    : `${formatChangeCount(files)}; to take them: subagent-mcp changes ${id} --apply`
  await printRemarks(terminal, [
    ...(patchCut && !stat ? [`the diff goes on: git -C ${folder} diff`] : []),
    ...left.map(
      (line) => `not ${inPlace ? 'undone' : 'delivered'}: ${revealInvisibleCharacters(line, Infinity)}`,
    ),
    files.length > 0 ? next : none,
  ])
  return exitCode.done
}

type ActOptions = {
  apply: boolean
  discard: boolean
  undo: boolean
  branch?: string
  yes: boolean
  json: boolean
}

async function act(id: string, options: ActOptions, { client, terminal }: CommandContext): Promise<number> {
  const { discard, undo, branch, yes, json } = options
  if (discard && !yes) {
    const { files } = await client.changes(id)
    const question = `delete the worktree of ${id}, with ${formatChangeCount(files)}?`
    const hint = 'with --yes it does not ask'
    if (files.length > 0 && !(await askYesNo(terminal, question, hint, 'nothing was deleted')))
      return exitCode.failed
  }
  const action =
    branch === undefined
      ? { action: discard ? ('discard' as const) : undo ? ('undo' as const) : ('apply' as const) }
      : { action: 'branch' as const, name: branch }
  const answer = await client.actOnChanges(id, {
    ...action,
    ...describeTerminalCaller('.', terminal),
    pid: process.pid,
  })
  await printResult(terminal, json, { text: answerText(id, answer, undo), data: answer })
  return answer.conflicts ? exitCode.failed : exitCode.done
}

function answerText(
  id: string,
  { applied, undone, baseMoved, conflicts, branch }: ChangeActionAnswer,
  isUndo: boolean,
): string {
  if (conflicts)
    return [
      'nothing was changed; in conflict:',
      ...conflicts.map(({ path, reason }) => revealInvisibleCharacters(`${path}: ${reason}`, Infinity)),
      isUndo
        ? `to see what it changed: subagent-mcp changes ${id}`
        : `to resolve them by hand: subagent-mcp changes ${id} --branch <name>, then merge it`,
    ].join('\n')
  if (undone)
    return [
      'what the agent changed in your checkout is taken back; what you edited since stays:',
      ...formatChangedFileLines(undone),
    ].join('\n')
  if (branch) return `made branch ${branch.name} (${branch.commit.slice(0, 10)})`
  if (!applied) return `deleted the worktree of ${id}`
  if (applied.length === 0) return `${id} has no changes that are not applied`
  const merged = baseMoved ? ', merged with what you changed meanwhile' : ''
  return [`applied${merged}:`, ...formatChangedFileLines(applied)].join('\n')
}
