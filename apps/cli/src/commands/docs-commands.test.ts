import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeCommands } from '../command/describe-command.js'
import { findCommand } from '../command/command-tree.js'
import { commands } from './commands.js'

const root = join(import.meta.dirname, '../../../..')
const pages = ['README.md', 'apps/cli/README.md']
  .concat(readdirSync(join(root, 'docs')).map((page) => `docs/${page}`))
  .filter((page) => page.endsWith('.md'))
test.each(found(/^```sh\n(.*?)^```/gms))('%s: the program takes the line: %s', async (_page, line) => {
  const { load, rest } = findCommand(commands, wordsOf(line))
  const command = await load()
  expect(() => command.read(rest)).not.toThrow()
})

const described = await describeCommands(commands)

test.each(found(/`(subagent-mcp [^`\n]+)`/g))('%s: the command and its options exist: %s', (_page, line) => {
  const words = wordsOf(line)
  const options = words.flatMap((word) => /^\[?(--[\w-]+)/.exec(word)?.[1] ?? [])
  // A name without its command, as in `subagent-mcp chat`, or none, as in `subagent-mcp --version`.
  if (Object.hasOwn(described, words.join(' ')) || line.startsWith('subagent-mcp <command>')) return
  const flags = words[0]?.startsWith('-') ? [] : described[findCommand(commands, words).path.join(' ')]?.flags
  const known = ['--help', '--version', ...(flags ?? []).map(({ name }) => name)]
  expect(options.filter((option) => !known.includes(option))).toEqual([])
})

/** The command lines of ours, with their pages, in the parts of all pages that a pattern captures. */
function found(part: RegExp): (readonly [page: string, line: string])[] {
  return pages.flatMap((page) => {
    const parts = [...readFileSync(join(root, page), 'utf8').matchAll(part)].map(([, text = '']) =>
      text.replaceAll(/ \\\n */g, ' '),
    )
    const lines = parts.flatMap((text) => text.split('\n')).filter((line) => /^subagent-mcp \S/.test(line))
    return [...new Set(lines)].map((line) => [page, line] as const)
  })
}

/** The words after the program's name, up to a pipe, a redirection or a comment, without quotes. */
function wordsOf(line: string): string[] {
  const [command = ''] = line.replace(/<[^>]*>/g, 'x').split(/ [|>&#]|;/)
  const words = [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)]
  return words.slice(1).map(([, double, single, bare]) => double ?? single ?? bare ?? '')
}
