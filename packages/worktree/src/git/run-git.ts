import { omitUndefined, SubagentError } from '@subagent-mcp/contract'
import {
  buildChildEnvironment,
  findExecutable,
  findProjectRoot,
  type Environment,
} from '@subagent-mcp/driver-kit'
import { execFile } from 'node:child_process'
import { createReadStream, existsSync } from 'node:fs'
import { devNull } from 'node:os'
import { dirname, join } from 'node:path'
import type { Writable } from 'node:stream'

/**
 * Runs one git command in a folder and returns its output. Where git fails, `refused` says why, and `code` is its exit code.
 * `input` is the command's stdin: a text, or a file.
 */
export type GitRunner = (args: readonly string[], input?: string | { file: string }) => Promise<GitResult>

/** The output of a git command, and whether it was cut at `longestOutput` because it was longer. */
export type GitResult = { output: string; cut: boolean } | { refused: string; code: unknown }

/** The longest output of a git command in a user's repository that is read, in bytes. */
const longestOutput = 16 * 2 ** 20

/** The time limit of a git command, in milliseconds: the largest repositories on a slow disk need less. */
const deadlineMs = 600_000

/** A user's repository to open: a folder in it, the caller's environment, and the launch option that asks for it, for errors. */
export type RepositoryOpening = {
  folder: string
  environment: Environment
  option: string
  /** The most bytes of output that are read. Default: 16 MiB. */
  longest?: number
  /** The folder into which objects are written. Default: that of the repository. */
  objects?: string
}

/** The path of git. @throws SubagentError `not-installed` */
export function findGitExecutable(environment: Environment, option: string): string {
  const git = findExecutable({ name: 'git', environment })
  if (git !== undefined) return git
  throw new SubagentError('not-installed', `${option}: git is not installed`, {
    hint: `install git, or leave ${option} out`,
  })
}

/**
 * Opens the git repository of a user's folder. Nothing that the repository configures is run: no hook, external diff, text
 * conversion, filter, file system monitor or transport. @throws SubagentError `not-installed`, `invalid-parameter` for a folder
 * that is not in a work tree that git reads
 */
export async function openUserGit(opening: RepositoryOpening): Promise<GitRunner> {
  const { folder, environment, option, longest, objects } = opening
  const unreadable = (problem: string): SubagentError =>
    new SubagentError('invalid-parameter', `${option}: ${folder} ${problem}`, {
      hint: `give the cwd of a git checkout, or leave ${option} out`,
    })
  const root = findProjectRoot(folder)
  if (!existsSync(join(root, '.git'))) throw unreadable('is not in a git repository')
  const git = findGitExecutable(environment, option)
  const run = (settings: GitSettings): GitRunner =>
    runner({
      ...{ git, folder, environment, settings: [...offSettings, ...settings] },
      place: { ...placeOf(root), ...(objects !== undefined && { GIT_OBJECT_DIRECTORY: objects }) },
      ...omitUndefined({ longest }),
    })
  const inside = await run([])(['rev-parse', '--is-inside-work-tree'])
  if ('refused' in inside) throw unreadable(`cannot be read by git: ${inside.refused}`)
  const found = await run([])(['config', '-z', '--name-only', '--get-regexp', String.raw`^filter\.`])
  // Git exits with 1 when there is none. Without all names, some filter would run.
  if ('refused' in found && found.code === 1) return run([])
  if ('refused' in found) throw unreadable(`has settings that git cannot read: ${found.refused}`)
  if (found.cut) throw unreadable('has too many settings of filters')
  return run(filtersOff(found.output.split('\0')))
}

/** The work tree is the folder in which `.git` is. A repository could name any other, such as the user's home. */
function placeOf(root: string): Readonly<Record<string, string>> {
  return { GIT_WORK_TREE: root, GIT_CEILING_DIRECTORIES: dirname(root) }
}

/** A git folder of this program, the work tree on which its commands work, and the index file that they use. */
export type PrivateGitOptions = {
  git: string
  gitFolder: string
  workTree: string
  index: string
  environment: Environment
  settings?: GitSettings
}

/**
 * A runner of git on any work tree with a git folder of this program, which has no hooks, filters or remotes. The settings of the
 * user and of the machine are not read.
 */
export function createPrivateGit(options: PrivateGitOptions): GitRunner {
  const { git, gitFolder, workTree, index, environment, settings = [] } = options
  const place = {
    ...{ GIT_DIR: gitFolder, GIT_WORK_TREE: workTree, GIT_INDEX_FILE: index },
    ...{ GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1', GIT_ATTR_NOSYSTEM: '1' },
  }
  const all = [...offSettings, ...settings]
  return runner({ git, folder: workTree, environment, settings: all, place, longest: uncutGitOutputLimit })
}

/** A limit of output that nearly no repository reaches. */
export const uncutGitOutputLimit = 2 ** 29 - 1

/** Runs git and returns its output. @throws SubagentError `io-failed` with what git said */
export async function readGitOutput(
  git: GitRunner,
  args: readonly string[],
  input?: string | { file: string },
): Promise<string> {
  const result = await git(args, input)
  if (!('refused' in result) && !result.cut) return result.output
  const problem = 'refused' in result ? result.refused : 'its output is too long'
  throw new SubagentError('io-failed', `git ${args[0] ?? ''} failed: ${problem}`, {
    hint: 'run git status and git fsck in the folder',
  })
}

/** The names in an output that git wrote with `-z`. */
export function splitAtNul(output: string): readonly string[] {
  return output.split('\0').filter((name) => name !== '')
}

/** Settings of git, as names and values, which replace those of the repository. */
export type GitSettings = readonly (readonly [name: string, value: string])[]

const offSettings: GitSettings = [
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['core.untrackedCache', 'false'],
  ['core.quotePath', 'false'],
  // Files above this size are shown as binary, so that a large one costs no memory.
  ['core.bigFileThreshold', '2m'],
  ['diff.external', ''],
  ['diff.orderFile', '/dev/null'],
  ['protocol.allow', 'never'],
  ['safe.bareRepository', 'explicit'],
]

/** Switches the commands of all configured filters off, which git runs on files of the work tree to compare them. */
function filtersOff(names: readonly string[]): GitSettings {
  const drivers = new Set(names.flatMap((name) => /^filter\.(.+)\.[^.]+$/s.exec(name)?.[1] ?? []))
  return [...drivers].flatMap((driver) => [
    [`filter.${driver}.clean`, ''] as const,
    [`filter.${driver}.smudge`, ''] as const,
    [`filter.${driver}.process`, ''] as const,
    [`filter.${driver}.required`, 'false'] as const,
  ])
}

type RunnerParts = {
  git: string
  folder: string
  environment: Environment
  settings: GitSettings
  place: Readonly<Record<string, string>>
  /** The most bytes of output. */
  longest?: number
}

function runner({
  git,
  folder,
  environment,
  settings,
  place,
  longest = longestOutput,
}: RunnerParts): GitRunner {
  const env = buildChildEnvironment(withoutGit(environment), {
    ...Object.fromEntries(
      settings.flatMap(([name, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, name],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
    ...place,
    GIT_CONFIG_COUNT: String(settings.length),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ALLOW_PROTOCOL: '',
    GIT_TERMINAL_PROMPT: '0',
    GIT_PAGER: 'cat',
    LC_ALL: 'C',
  })
  const options = { cwd: folder, env, maxBuffer: longest, timeout: deadlineMs, windowsHide: true }
  return (args, input) =>
    new Promise((resolve) => {
      const child = execFile(git, ['--no-pager', ...args], options, (error, output, stderr) => {
        if (!error) resolve({ output, cut: false })
        else if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') resolve({ output, cut: true })
        else resolve({ refused: stderr.trim() || error.message, code: error.code })
      })
      if (child.stdin) sendInput(child.stdin, input)
    })
}

/** Writes the input of a command. That git ends before it has read all is no failure: its exit code says what happened. */
function sendInput(stdin: Writable, input: string | { file: string } | undefined): void {
  stdin.on('error', () => undefined)
  if (typeof input !== 'object') return void stdin.end(input)
  createReadStream(input.file)
    .on('error', (error) => stdin.destroy(error))
    .pipe(stdin)
}

/** The environment without the variables of git, which may name another repository, a configuration or a command. */
function withoutGit(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^git_/i.test(name)))
}
