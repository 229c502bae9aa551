import { parseRoutingTable } from '@subagent-mcp/routing'
import { parse } from 'jsonc-parser'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { describeCommands } from '../command/describe-command.js'
import { findCliCommand } from '../command/command-tree.js'
import { UserConfig } from '../settings/config.js'
import { commands } from './commands.js'

const root = join(import.meta.dirname, '../../../..')
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'apps/cli/README.md',
  ...markdown('docs'),
  ...readmes('packages'),
]

test.each(found(/^```sh\n(.*?)^```/gms))('%s: the program takes the line: %s', async (_page, line) => {
  const { load, rest } = findCliCommand(commands, wordsOf(line))
  const command = await load()
  expect(() => command.read(rest)).not.toThrow()
})

const configurations = pages.flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```jsonc\n(.*?)^```/gms)].map(([, text = '']) => [
    page,
    text,
  ]),
)

test.each(configurations)('%s: the configuration is valid: %s', (_page, text) => {
  // Some show keys without the braces around them.
  const value: unknown = parse(/^(\/\/.*\n)*\{/.test(text) ? text : `{${text}}`)
  if (text.includes('"categories"')) expect(() => parseRoutingTable(value, () => '')).not.toThrow()
  else expect(UserConfig.safeParse(value).error).toBeUndefined()
})

const Shape = z.looseObject({
  get properties() {
    return z.record(z.string(), Shape).optional()
  },
})
/** Files, two methods, and a key of Claude, which are written like keys of ours. */
const otherNames = [
  '`journal.db`',
  '`journal.mark`',
  '`journal.losses`',
  '`permissions.additionalDirectories`',
]
const groups = Object.entries(Shape.parse(z.toJSONSchema(UserConfig, { io: 'input' })).properties ?? {})

test.each(groups.filter(([, { properties }]) => properties))(
  'every key of %s that a page names exists',
  (group, shape) => {
    const named = pages.flatMap((page) => [
      ...readFileSync(join(root, page), 'utf8').matchAll(new RegExp(`\`${group}\\.([\\w.]+)\``, 'g')),
    ])
    const unknown = named.filter(([, path = '']) => {
      const found = path
        .split('.')
        .reduce<z.infer<typeof Shape> | undefined>((at, key) => at?.properties?.[key], shape)
      return found === undefined
    })
    expect(unknown.map(([name]) => name).filter((name) => !otherNames.includes(name))).toEqual([])
  },
)

const described = await describeCommands(commands)

test.each(found(/`(subagent-mcp [^`\n]+)`/g))('%s: the command and its options exist: %s', (_page, line) => {
  const words = wordsOf(line)
  const options = words.flatMap((word) => /^\[?(--[\w-]+)/.exec(word)?.[1] ?? [])
  // A name without its command, as in `subagent-mcp chat`, or none, as in `subagent-mcp --version`.
  if (Object.hasOwn(described, words.join(' ')) || line.startsWith('subagent-mcp <command>')) return
  const flags = words[0]?.startsWith('-')
    ? []
    : described[findCliCommand(commands, words).path.join(' ')]?.flags
  const known = ['--help', '--version', ...(flags ?? []).map(({ name }) => name)]
  expect(options.filter((option) => !known.includes(option))).toEqual([])
})

/** The command lines of ours, with their pages, in the parts of all pages that a pattern captures. */
function found(part: RegExp): (readonly [page: string, line: string])[] {
  return pages.flatMap((page) => {
    const parts = [...readFileSync(join(root, page), 'utf8').matchAll(part)].map(([, text = '']) =>
      text.replaceAll(/ \\\n */g, ' '),
    )
    const lines = parts
      .flatMap((text) => text.split('\n'))
      .flatMap((line) => /(?:^|&& |npx -y )(subagent-mcp \S.*)/.exec(line)?.[1] ?? [])
    return [...new Set(lines)].map((line) => [page, line] as const)
  })
}

function markdown(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => (name.endsWith('.md') ? `${folder}/${name}` : []))
}

function readmes(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}/README.md`
    return existsSync(join(root, path)) ? path : []
  })
}

/** The words after the program's name, up to a pipe, a redirection or a comment, without quotes. */
function wordsOf(line: string): string[] {
  const [command = ''] = line.replace(/<[^>]*>/g, 'x').split(/ [|>&#]|;/)
  const words = [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)]
  return words.slice(1).map(([, double, single, bare]) => double ?? single ?? bare ?? '')
}
