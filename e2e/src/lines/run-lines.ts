import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startLimit } from '@subagent-mcp/testkit'

/** The shells that agents use, with options that keep them from reading files of the user. */
const shells = [
  { name: 'bash', options: ['--norc', '--noprofile'], version: ['-c', 'echo $BASH_VERSION'] },
  { name: 'dash', options: [], version: undefined },
  { name: 'zsh', options: ['-f'], version: ['-c', 'echo $ZSH_VERSION'] },
] as const

export type InstalledShell = (typeof shells)[number] & { path: string }

/** The shells that this machine has. */
export function installedShells(): readonly InstalledShell[] {
  return shells.flatMap((shell) => {
    const path = pathOf(shell.name)
    return path === undefined ? [] : [{ ...shell, path }]
  })
}

/** The version that a shell prints. dash prints none. Without its options bash, whose input is a socket here, would read the user's files. */
export function shellVersion({ path, options, version }: InstalledShell): string {
  if (version === undefined) return 'unknown'
  return execFileSync(path, [...options, ...version], { encoding: 'utf8', env: {} }).trim()
}

/** Programs that command lines may run. The scratch folder has those that this machine has. */
const readers = (
  'cat tac head tail wc nl cut tr rev fold fmt expand unexpand paste join column comm diff cmp sort uniq grep egrep fgrep rg ls tree ' +
  'du df stat file basename dirname realpath readlink strings od hexdump xxd base64 base32 md5sum sha1sum sha224sum sha256sum sha384sum ' +
  'sha512sum b2sum cksum shasum md5 seq factor numfmt date cal id groups whoami logname tty arch nproc hostname uname uptime free ps ' +
  'lscpu getconf sleep which tsort find sed awk gawk mawk jq git nice timeout stdbuf setsid time xargs command test printf echo pwd true false [ more ' +
  'bash sh dash zsh'
).split(' ')

/**
 * Programs that the scratch folder lacks and that a line may try to run without leaving a mark: most only print their
 * version there and may be scripts, and dash has no `[[`.
 */
const unavailable =
  'node npm npx python python3 pip pip3 ruby php perl gcc clang make cmake java docker [['.split(' ')

/**
 * Fake programs that leave a mark when run, because no command line may run them: names of programs that change, start
 * or send something, words of the test lines, and builtins and keywords, for which `nice` and `time` of dash search PATH.
 */
const marked = (
  'marker x y x=y a b foo out rm touch mv cp tee ln mkdir rmdir chmod env sudo curl wget ssh nc xdg-open dd kill ' +
  'always then do done fi E in hello main src function coproc noglob nocorrect repeat foreach end eval exec source ' +
  ': ! { } alias bg break cd continue exit export fg for getopts hash if jobs read return set shift trap type ulimit umask unset ' +
  'until wait while LC_ALL=C COLUMNS=x NICE TIMEOUT STDBUF COMMAND TIME BASH'
).split(' ')

/** A temporary folder in which command lines run. It has a project, a home and programs, and a file of marks. */
export type ScratchFolder = { cwd: string; home: string; root: string; remove: () => void }

/** Creates a scratch folder, whose project is empty or has files that are named like options and programs. */
export function makeScratchFolder(kind: 'empty' | 'hostile'): ScratchFolder {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'lines-')))
  const [cwd, home] = [join(root, 'project'), join(root, 'home')]
  for (const folder of [cwd, home, join(root, 'readers'), join(root, 'marked')]) mkdirSync(folder)
  for (const name of readers) {
    const path = pathOf(name)
    if (path !== undefined && !isScript(path)) symlinkSync(path, join(root, 'readers', name))
  }
  for (const name of marked) writeMarker(join(root, 'marked', name), root)
  if (kind === 'hostile') fillHostile(cwd, root)
  return { cwd, home, root, remove: () => rmSync(root, { recursive: true, force: true }) }
}

/** Whether a program is a script. Scripts, such as wrappers of version managers, run other programs. */
function isScript(path: string): boolean {
  const start = Buffer.alloc(2)
  const file = openSync(path, 'r')
  readSync(file, start, 0, 2, 0)
  closeSync(file)
  return start.toString('latin1') === '#!'
}

function fillHostile(cwd: string, root: string): void {
  mkdirSync(join(cwd, 'src'))
  for (const name of [
    'a.txt',
    'names.txt',
    'README.md',
    'package.json',
    'a b',
    '-o',
    '--compress-program=marker',
    '-exec',
    'src/a.ts',
    'src/b.ts',
  ])
    writeFileSync(join(cwd, name), '{"a": 1}\n$(marker)\na[$(marker)]\n')
  for (const name of ['x', 'x=y', 'marker', '=marker']) writeMarker(join(cwd, name), root)
}

function writeMarker(path: string, root: string): void {
  writeFileSync(path, `#!/bin/sh\necho "$FUZZ_LINE $0" >> ${join(root, 'marks')}\n`)
  chmodSync(path, 0o755)
}

/** A command line that should only read but ran a program that may change something, or changed a file: `what` says which. */
export type LineFinding = { shell: string; line: string; what: string }

/** Runs the command lines one after the other in a shell, each in a subshell. `hung` counts those that did not end. */
export async function runCommandLines(
  lines: readonly string[],
  shell: InstalledShell,
  folder: ScratchFolder,
): Promise<{ findings: readonly LineFinding[]; hung: number }> {
  const before = filesOf(folder.root)
  let hung = 0
  for (let start = 0; start < lines.length;) {
    const stoppedAt = await runFrom(start, lines, shell, folder)
    if (stoppedAt !== undefined) hung += 1
    start = stoppedAt === undefined ? lines.length : stoppedAt + 1
  }
  const marks = takeMarks(folder)
  const findings = marks.map(({ at, what }) => ({
    shell: shell.name,
    line: lines[at] ?? '',
    what: `ran ${what}`,
  }))
  if (filesOf(folder.root) === before) return { findings, hung }
  if (lines.length === 1)
    return {
      findings: [...findings, { shell: shell.name, line: lines[0] ?? '', what: 'changed a file' }],
      hung,
    }
  return {
    findings: [
      ...findings,
      { shell: shell.name, line: lines.join('\n---\n'), what: 'one of these changed a file' },
    ],
    hung,
  }
}

function takeMarks({ root }: ScratchFolder): readonly { at: number; what: string }[] {
  const path = join(root, 'marks')
  if (!existsSync(path)) return []
  const marks = readFileSync(path, 'utf8').trim().split('\n')
  rmSync(path)
  return marks.map((mark) => {
    const [, at = '', what = ''] = /^(\d*) (.*)$/.exec(mark) ?? []
    return { at: Number(at), what: what === '' ? mark : what }
  })
}

/** Runs the lines from `start` on. Resolves to the index of a line that does not end, or to undefined at the end. */
async function runFrom(
  start: number,
  lines: readonly string[],
  shell: InstalledShell,
  { root, cwd, home }: ScratchFolder,
): Promise<number | undefined> {
  const script = join(root, 'script')
  const progress = join(root, 'progress')
  writeFileSync(
    script,
    `${prelude(shell.name, root)}\n${lines
      .slice(start)
      .map((line, at) => wrapped(line, start + at, progress))
      .join('\n')}\nwait\n`,
  )
  const env = {
    PATH: ['readers', 'marked'].map((name) => join(root, name)).join(delimiter),
    HOME: home,
    LANG: 'C.UTF-8',
  }
  const child = spawn(shell.path, [...shell.options, script], { cwd, env, stdio: 'ignore', detached: true })
  const ended = once(child, 'exit').then(() => true)
  const reached = () => (existsSync(progress) ? Number(readFileSync(progress, 'utf8')) : start)
  for (let at = -1, limit = startLimit(0); ;) {
    if (await Promise.race([ended, pause(at < 0 ? 1000 : 500, false)])) return undefined
    if (reached() !== at) [at, limit] = [reached(), startLimit(2000)]
    else if (await limit.isOver()) {
      killGroup(child.pid)
      await ended
      return at
    }
  }
}

/** Kills a process with its group, if it still runs. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

function wrapped(line: string, at: number, progress: string): string {
  const quoted = `'${line.replaceAll("'", "'\\''")}'`
  return `export FUZZ_LINE=${at}; echo ${at} > ${progress}; ( eval ${quoted} ) </dev/null >/dev/null 2>&1`
}

/**
 * A function that bash and zsh call for a program that they do not find. It records a mark, unless lines may look for
 * that program.
 */
function prelude(shell: string, root: string): string {
  if (shell === 'dash') return ''
  const name = shell === 'bash' ? 'command_not_found_handle' : 'command_not_found_handler'
  const known = [...readers, ...unavailable].map((reader) => reader.replaceAll(/[[\]]/g, '\\$&')).join('|')
  return `${name}() { case "$1" in ${known}) ;; *) echo "$FUZZ_LINE $1" >> ${join(root, 'marks')} ;; esac; return 127; }`
}

/** The names, sizes and times of the files that lines could change, as one text. */
function filesOf(root: string): string {
  const folders = ['project', 'home'].map((name) => join(root, name))
  const lines: string[] = []
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      const { size, mtimeMs } = lstatSync(path)
      lines.push(`${path} ${size} ${mtimeMs}`)
      if (entry.isDirectory()) folders.push(path)
    }
  }
  return lines.toSorted().join('\n')
}

function pathOf(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}
