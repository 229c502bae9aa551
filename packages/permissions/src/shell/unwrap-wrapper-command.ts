import { omitUndefined } from '@subagent-mcp/contract'
import { basename } from 'node:path'
import { parseArguments } from '../programs/option-grammar.js'
import { wrapperPrograms, type WrapperProgram } from '../programs/wrapper-programs.js'
import { isPureBuiltin } from './pure-builtins.js'
import { getFoldersSearchedByFind } from './searched-folders.js'
import { parseCommandLine } from './parse-command-line.js'
import type { ShellWord } from './shell-word.js'
import type { ShellCommand, ParsedCommandLine } from './shell-command.js'

/** A command, and the commands that it runs, such as those of `sudo` and `bash -c`. */
export function unwrapWrapperCommand(command: ShellCommand, depth = 0): ParsedCommandLine {
  const inner = innerOf(command)
  if (inner === undefined) return { commands: [command] }
  if (depth > 8) return { commands: [command], opaque: 'too many commands inside each other' }
  const parts = inner.commands.map((one) => unwrapWrapperCommand(one, depth + 1))
  const opaque = inner.opaque ?? parts.find((part) => part.opaque)?.opaque
  const outer = inner.replaces ? without(command) : [command]
  return {
    commands: [...outer, ...parts.flatMap(({ commands }) => commands)],
    ...omitUndefined({ opaque }),
  }
}

/** Returns the name of a shell command's program, without its folder and in lower case. */
export function getProgramName({ words }: ShellCommand): string {
  return basename(words[0]?.text ?? '').toLowerCase()
}

type Inner = ParsedCommandLine & { replaces: boolean }

/** Programs that run another command, which starts at an unknown position among their words. */
const loose = new Set(
  [
    'ionice chrt taskset setarch strace ltrace flock watch unshare nsenter chroot parallel busybox toybox script runuser',
    'caffeinate unbuffer systemd-run su pkexec noglob nocorrect repeat - coproc entr bwrap firejail fakeroot proxychains',
    'torsocks dbus-run-session xvfb-run catchsegv rlwrap numactl prlimit cpulimit start-stop-daemon daemonize winpty',
  ].flatMap((names) => names.split(' ')),
)
const shells = new Set(['sh', 'bash', 'zsh', 'dash', 'ksh'])

function innerOf(command: ShellCommand): Inner | undefined {
  const program = getProgramName(command)
  if (shells.has(program)) return ofShell(command)
  if (program === 'eval') return ofText(command.words.slice(1), false)
  if (program === 'trap') return ofText(command.words.slice(1, 2), false)
  if (program === 'find' || program === 'fd') return ofFind(command)
  // With these options `command` only prints the path of a program.
  if (program === 'command' && /^-[vV]$/.test(command.words[1]?.text ?? '')) return undefined
  if (loose.has(program)) return untold(`what ${program} runs`)
  const wrapper = Object.entries<WrapperProgram>(wrapperPrograms).find(([name]) => name === program)?.[1]
  return wrapper && ofWrapper(command, program, wrapper)
}

function ofWrapper(command: ShellCommand, program: string, wrapper: WrapperProgram): Inner | undefined {
  const words = command.words.slice(1)
  const operands = parseArguments(wrapper, words)?.operands
  if (operands === undefined) return untold(`options of ${program}`)
  const options = words.slice(0, words.length - operands.length).map(({ text }) => text)
  const said = commandAfter(wrapper, operands)
  if (said === undefined) return untold(`the words of ${program}`)
  if (said.length === 0) return undefined
  if (isPureBuiltin(said[0]?.text ?? ''))
    return untold(`${program} with a builtin, for which it may search PATH`)
  const more: readonly ShellWord[] = program === 'xargs' ? ofSearch(command, options) : []
  // With a placeholder the input may replace text in any word.
  const places = options.some((text) => /^-[a-zA-Z0]*[IJ]|^--/.test(text)) ? said.map(placed) : said
  const inner = { words: [...places, ...more], assignments: [], redirections: [] }
  return { commands: [inner], replaces: wrapper.transparent === true && isOfSystem(command) }
}

/** The command that a wrapper runs, after a time or assignments; undefined when these have another form. */
function commandAfter(
  { first, assigns }: WrapperProgram,
  operands: readonly ShellWord[],
): readonly ShellWord[] | undefined {
  if (first !== undefined) {
    const [word, ...rest] = operands
    return word?.kind === 'plain' && first.test(word.text) ? rest : undefined
  }
  const start = assigns ? operands.findIndex(({ text }) => !/^[A-Za-z_]\w*=/.test(text)) : 0
  return start < 0 ? [] : operands.slice(start)
}

/** Returns the words that `xargs` adds. Without `-0` it splits names; with other options the files come from elsewhere. */
function ofSearch({ searched }: ShellCommand, options: readonly string[]): readonly ShellWord[] {
  const isSimple = options.every((text) => /^(-[0rt]|-[nPL]?\d*|\d+)$/.test(text))
  if (!isSimple || searched === undefined) return [{ text: '', kind: 'shown' }]
  return options.includes('-0') ? searched : searched.map((word) => ({ ...word, kind: 'linked' }))
}

const unknown: ShellWord = { text: '', kind: 'unknown' }

function placed(word: ShellWord): ShellWord {
  return word.text.includes('{}') ? { ...word, kind: 'unknown' } : word
}

/**
 * Whether a program is named as systems have it: in lower case, and without a folder or in a system folder. `NICE`, or a file in
 * another folder, may be any program.
 */
function isOfSystem({ words }: Pick<ShellCommand, 'words'>): boolean {
  return /^((\/(usr(\/local)?|opt\/(homebrew|local)|run\/current-system\/sw|nix\/store\/[\w.+-]+))?\/bin\/)?[a-z]+$/.test(
    words[0]?.text ?? '',
  )
}

function untold(opaque: string): Inner {
  return { commands: [], opaque, replaces: false }
}

function ofShell(command: ShellCommand): Inner | undefined {
  const { words } = command
  const at = words.findIndex(({ text }) => /^-[a-zA-Z]*c[a-zA-Z]*$/.test(text))
  if (at < 0) {
    const readsInput = words.slice(1).every(({ text }) => text.startsWith('-'))
    return readsInput ? untold('a shell that reads its commands') : undefined
  }
  // With more words the command depends on the options, and `$1` on the words.
  if (words.length > at + 2) return untold('words for a command in a shell')
  const options = words.slice(1, at + 1).every(({ text }) => /^-[lc]+$/.test(text))
  return ofText(words.slice(at + 1), options && isOfSystem(command))
}

function ofText(words: readonly ShellWord[], replaces: boolean): Inner {
  if (words.some(({ kind }) => kind !== 'plain')) {
    return untold('a command that is made while it runs')
  }
  return { ...parseCommandLine(words.map(({ text }) => text).join(' ')), replaces }
}

function ofFind(command: ShellCommand): Inner | undefined {
  const isFind = getProgramName(command) === 'find'
  const isFlag = isFind ? /^-(exec|execdir|ok|okdir)$/ : /^-[a-zA-Z]*[xX]|^--exec/
  const found = (isFind ? foundBy(command.words) : undefined) ?? [unknown]
  const commands = command.words.flatMap(({ text }, at): ShellCommand[] => {
    if (!isFlag.test(text)) return []
    const after = command.words.slice(at + 1)
    const end = endOfInner(after)
    const words = after
      .slice(0, end < 0 ? undefined : end)
      .flatMap((word) => (word.text === '{}' ? found : placed(word)))
    return [{ words, assignments: [], redirections: [] }]
  })
  if (commands.some(({ words }) => isPureBuiltin(words[0]?.text ?? '')))
    return untold('find with a builtin, for which it searches PATH')
  return commands.length === 0 ? undefined : { commands, replaces: false }
}

/** Returns the files that `-exec` gets, when it is the last action of `find`; conditions after it may do something else. */
function foundBy(words: readonly ShellWord[]): readonly ShellWord[] | undefined {
  const at = words.findIndex(({ text }) => text === '-exec')
  const after = words.slice(at + 1)
  return at > 0 && endOfInner(after) === after.length - 1
    ? getFoldersSearchedByFind(words.slice(0, at))
    : undefined
}

/** The index of the end of an `-exec` command. A `+` ends it only after `{}`. */
function endOfInner(words: readonly ShellWord[]): number {
  return words.findIndex(({ text }, at) => text === ';' || (text === '+' && words[at - 1]?.text === '{}'))
}

/** Returns a command with only the redirections and assignments of another one; none when it has neither. */
function without({ assignments, redirections }: ShellCommand): ShellCommand[] {
  return assignments.length + redirections.length === 0 ? [] : [{ words: [], assignments, redirections }]
}
