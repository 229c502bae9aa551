import { constants, closeSync, fstatSync, lstatSync, openSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** A changed file: its path relative to the folder, the length of its text in characters, and the text: a section of a diff. */
export type ChangedFileText = { name: string; length: number; text(): string }

/** Splits a diff of `git diff` into its files, in its order. The diff has the prefixes `a/` and `b/`. */
export function splitDiffByFile(diff: string): readonly ChangedFileText[] {
  const texts = new Map<string, string>()
  // Lines of a file's content begin with a space, `+`, `-` or a backslash, so that none is taken for a heading.
  for (const section of diff.split(/^(?=diff --git )/m)) {
    const name = nameOf(section)
    // Git shows a file that became a link in two sections.
    if (name !== undefined) texts.set(name, `${texts.get(name) ?? ''}${section}`)
  }
  return [...texts].map(([name, text]) => ({ name, length: text.length, text: () => text }))
}

/** The name of a section's file. A file that was not renamed stands in the heading twice, with prefixes of the same length. */
function nameOf(section: string): string | undefined {
  const heading = /^diff --git (.*)$/m.exec(section)?.[1]
  if (heading === undefined) return undefined
  const renamed = /^rename to (.*)$/m.exec(section)?.[1]
  if (renamed !== undefined) return unquoted(renamed)
  return unquoted(heading.slice((heading.length + 1) / 2)).slice('b/'.length)
}

/** Reads a name as git writes it: one with control characters or quotes stands in quotes, with escapes. */
function unquoted(name: string): string {
  if (!name.startsWith('"')) return name
  return name
    .slice(1, -1)
    .replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
      code.length === 3 ? String.fromCodePoint(Number.parseInt(code, 8)) : (escapes[code] ?? code),
    )
}

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
}

/** Describes a file that git does not track as a section of a diff. Links are named and not followed. */
export function describeUntrackedFileAsDiff(folder: string, name: string): ChangedFileText {
  const path = join(folder, name)
  const heading = `diff --git ${quoteFileNameForPrompt(`a/${name}`)} ${quoteFileNameForPrompt(`b/${name}`)}\nnew file, not tracked\n`
  const plain = (line: string): ChangedFileText => {
    const text = `${heading}${line}\n`
    return { name, length: text.length, text: () => text }
  }
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats?.isSymbolicLink()) return plain(`a link to ${JSON.stringify(readlinkSync(path))}`)
  if (stats?.isDirectory()) return plain('a git repository of its own, whose files are not shown')
  if (!stats?.isFile()) return plain('its content cannot be read')
  return { name, length: heading.length + stats.size, text: () => `${heading}${addedLines(path)}` }
}

/** The content of a new file as lines of a diff. A file that was replaced by a link or a pipe meanwhile is not read. */
function addedLines(path: string): string {
  const content = readPlainFile(path)
  if (content === undefined) return 'its content cannot be read\n'
  if (content.includes(0)) return 'Binary file\n'
  if (content.length === 0) return 'empty\n'
  const lines = content.toString('utf8').replace(/\n$/, '').split('\n')
  return `@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}\n`).join('')}`
}

function readPlainFile(path: string): Buffer | undefined {
  try {
    // Windows has neither of these open flags; both are undefined there, which counts as 0.
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      return fstatSync(file).isFile() ? readFileSync(file) : undefined
    } finally {
      closeSync(file)
    }
  } catch {
    // The file may be deleted meanwhile, or not be readable: then only its name is shown.
    return undefined
  }
}

/** A file name for a text: one with spaces, quotes or control characters stands in quotes, so that it ends where it seems to. */
export function quoteFileNameForPrompt(name: string): string {
  return /^[^\s"\\\p{C}]+$/u.test(name) ? name : JSON.stringify(name)
}
