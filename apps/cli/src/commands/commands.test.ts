import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { findCommand } from '../command/command-tree.js'
import { describeCommands } from '../command/describe-command.js'
import type { FlagHelp } from '../help/commands-help.js'
import { commands } from './commands.js'

const described = await describeCommands(commands)
const leaves = Object.entries(described).filter(([, help]) => help.flags)

test('the help that is built is that of the sources', () => {
  expect(JSON.parse(readFileSync(join(inject('cli'), 'dist/help.json'), 'utf8'))).toEqual(described)
})

test.each(leaves)(
  '%s takes each flag of its help, and no other',
  async (path, { flags = [], words = [] }) => {
    const { load, rest } = findCommand(commands, path.split(' '))
    expect(rest).toEqual([])
    const command = await load()
    const given = words
      .filter(({ typed }) => !typed.startsWith('['))
      .map(({ choices = ['x'] }) => choices[0] ?? 'x')
    for (const flag of flags) {
      const typed = [flag.name, flag.short ?? flag.name].map((name) => [...given, name, ...exampleOf(flag)])
      for (const args of typed)
        expect(refusal(() => command.read(args))).not.toMatch(/Unknown option|takes|needs a value/)
    }
    expect(() => command.read([...given, '--undocumented'])).toThrow("Unknown option '--undocumented'")
    expect(Object.keys(command.flags)).toHaveLength(flags.length)
  },
)

/** A value that fits, by what stands for it in the help. */
function exampleOf({ value, choices = [] }: FlagHelp): string[] {
  if (value === undefined || value.startsWith('[')) return []
  return [choices[0] ?? examples[value] ?? 'x']
}

const examples: Readonly<Record<string, string>> = {
  '<time>': '2m',
  '<number>': '100',
  '<amount>': '2.50',
  '<a,b>': 'claude',
}

/** A rule may want another flag beside it. */
function refusal(read: () => object): string {
  try {
    read()
    return ''
  } catch (error) {
    return String(error)
  }
}

test('each line of help is short, and says more than the name', () => {
  for (const [path, { description, words = [], flags = [] }] of Object.entries(described)) {
    expect(description.length, path).toBeLessThan(125)
    for (const each of [...words, ...flags]) expect(each.description.length, path).toBeGreaterThan(8)
  }
})
