import { SubagentError } from '@subagent-mcp/contract'
import { childEnvironment, findExecutable, projectOf, type Environment } from '@subagent-mcp/driver-kit'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Runs one git command in a folder and returns its output. Where git fails, `refused` says why, and `code` is its exit code. */
export type GitRunner = (args: readonly string[]) => Promise<GitResult>

/** The output of a git command, and whether it was cut at `longestOutput` because it was longer. */
export type GitResult = { output: string; cut: boolean } | { refused: string; code: unknown }

/** The longest output of a git command that is read, in bytes. */
const longestOutput = 16 * 2 ** 20

/** The time limit of a git command, in milliseconds: a large repository on a slow disk needs less. */
const deadlineMs = 120_000

/**
 * Opens the git repository of a folder for reading. Nothing that the repository configures is run: no hook, external diff, text
 * conversion, filter, file system monitor or transport. @throws SubagentError `not-installed`, `invalid-parameter` for a folder
 * that is not in a work tree that git reads
 */
export async function openGit(folder: string, environment: Environment): Promise<GitRunner> {
  const root = projectOf(folder)
  if (!existsSync(join(root, '.git'))) throw notReadable(folder, 'is not in a git repository')
  const git = findExecutable({ name: 'git', environment })
  if (git === undefined)
    throw new SubagentError('not-installed', 'git is not installed, so the changes cannot be collected', {
      hint: 'install git, or leave changes out and name the changes in the prompt',
    })
  const run = (settings: Settings): GitRunner => runner({ git, folder, environment, settings, root })
  const readable = await run(offSettings)(['rev-parse', '--is-inside-work-tree'])
  if ('refused' in readable) throw notReadable(folder, `cannot be read by git: ${readable.refused}`)
  const names = await filterSettings(run(offSettings), folder)
  return run([...offSettings, ...filtersOff(names)])
}

/** The names of all settings of filters. @throws SubagentError if they cannot all be read, because then some filter would run */
async function filterSettings(git: GitRunner, folder: string): Promise<readonly string[]> {
  const found = await git(['config', '-z', '--name-only', '--get-regexp', String.raw`^filter\.`])
  // Git exits with 1 when there is none.
  if ('refused' in found && found.code === 1) return []
  if ('refused' in found) throw notReadable(folder, `has settings that git cannot read: ${found.refused}`)
  if (found.cut) throw notReadable(folder, 'has too many settings of filters')
  return found.output.split('\0')
}

function notReadable(folder: string, problem: string): SubagentError {
  return new SubagentError('invalid-parameter', `changes: ${folder} ${problem}`, {
    hint: 'give the cwd of a git repository, or leave changes out and name the files in the prompt',
  })
}

/** Settings of git, as names and values, which replace those of the repository. */
type Settings = readonly (readonly [name: string, value: string])[]

const offSettings: Settings = [
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
function filtersOff(names: readonly string[]): Settings {
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
  root: string
  environment: Environment
  settings: Settings
}

function runner({ git, folder, root, environment, settings }: RunnerParts): GitRunner {
  const env = childEnvironment(withoutGit(environment), {
    ...Object.fromEntries(
      settings.flatMap(([name, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, name],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
    GIT_CONFIG_COUNT: String(settings.length),
    // The work tree is the folder in which `.git` is. A repository could name any other, such as the user's home.
    GIT_WORK_TREE: root,
    GIT_CEILING_DIRECTORIES: dirname(root),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ALLOW_PROTOCOL: '',
    GIT_TERMINAL_PROMPT: '0',
    GIT_PAGER: 'cat',
    LC_ALL: 'C',
  })
  const options = { cwd: folder, env, maxBuffer: longestOutput, timeout: deadlineMs, windowsHide: true }
  return (args) =>
    new Promise((resolve) => {
      const child = execFile(git, ['--no-pager', ...args], options, (error, output, stderr) => {
        if (!error) resolve({ output, cut: false })
        else if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') resolve({ output, cut: true })
        else resolve({ refused: stderr.trim() || error.message, code: error.code })
      })
      child.stdin?.end()
    })
}

/** The environment without the variables of git, which may name another repository, a configuration or a command. */
function withoutGit(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^git_/i.test(name)))
}
