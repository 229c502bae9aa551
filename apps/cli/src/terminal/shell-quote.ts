/** Returns a command as text that a person can paste into a shell, preceded by a `cd` to `cwd`. */
export function formatShellLine(cwd: string, command: readonly string[], platform: NodeJS.Platform): string {
  const change = platform === 'win32' ? ['cd', '/d', cwd] : ['cd', cwd]
  return [change, command].map((words) => formatShellCommand(words, platform)).join(' && ')
}

/** Returns a command as text that a person can paste into a shell: sh, on Windows cmd. */
export function formatShellCommand(words: readonly string[], platform: NodeJS.Platform): string {
  return words.map(platform === 'win32' ? quoteForCmd : quoteForShell).join(' ')
}

function quoteForShell(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  // Control characters would reach the terminal on which it is shown.
  if (/\p{Cc}/u.test(word)) return `$'${word.replace(/['\\]|\p{Cc}/gu, escapeCharacter)}'`
  return `'${word.replaceAll("'", "'\\''")}'`
}

function escapeCharacter(character: string): string {
  if (character === "'" || character === '\\') return `\\${character}`
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** Quotes a word for cmd.exe. Drops quotes inside of it, because names of files on Windows have none. */
function quoteForCmd(word: string): string {
  return /^[\w@+=:,./\\-]+$/.test(word) ? word : `"${word.replaceAll('"', '')}"`
}
