import { SubagentError } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { runCommandLine, type CliCommandGroup } from './command-tree.js'
import { defineCliCommand } from './define-cli-command.js'
import { textArgSchema, booleanArgSchema } from './arg-schemas.js'
import { createUsageError } from './create-usage-error.js'

function treeOf(): { tree: CliCommandGroup; ran: object[] } {
  const ran: object[] = []
  const command = (name: string) => () =>
    Promise.resolve(
      defineCliCommand(
        {
          description: name,
          words: { word: textArgSchema('word', 'A word').exactOptional() },
          flags: { json: booleanArgSchema('JSON') },
        },
        ({ word, json }) => {
          if (word === 'later') throw createUsageError('<text> is missing: stdin is empty')
          if (word === 'other') throw new SubagentError('unknown-agent', 'no agent', { hint: 'ps' })
          return Promise.resolve(ran.push({ name, word, json }))
        },
        (use) => use(undefined),
      ),
    )
  const agents = {
    description: 'Agents',
    default: 'list',
    commands: { list: command('list'), show: command('show') },
  }
  const chat = { description: 'Chat', commands: { send: command('send'), wait: command('wait') } }
  return { tree: { description: 'All', commands: { ps: command('ps'), agents, chat } }, ran }
}

test.each<[string[], object]>([
  [['ps', 'a', '--json'], { name: 'ps', word: 'a', json: true }],
  [['agents'], { name: 'list', json: false }],
  [['agents', '--json'], { name: 'list', json: true }],
  [['agents', 'show', 'a'], { name: 'show', word: 'a', json: false }],
])('%j', async (args, expected) => {
  const { tree, ran } = treeOf()
  await runCommandLine(tree, args)
  expect(ran).toEqual([expected])
})

test.each<[string[], string, string]>([
  [['pss'], "Unknown command 'pss': did you mean ps?", 'see subagent-mcp --help'],
  [['constructor'], "Unknown command 'constructor'", 'see subagent-mcp --help'],
  [['--json', 'ps'], "Unknown option '--json': a command comes first", 'see subagent-mcp --help'],
  [['agents', 'shw'], "Unknown command 'shw': did you mean show?", 'see subagent-mcp agents --help'],
  [['chat'], 'a command is missing: one of send, wait', 'see subagent-mcp chat --help'],
  [
    ['chat', 'send', '--jsn'],
    "Unknown option '--jsn': did you mean --json?",
    'see subagent-mcp chat send --help',
  ],
  [['ps', 'later'], '<text> is missing: stdin is empty', 'see subagent-mcp ps --help'],
  [['ps', 'other'], 'no agent', 'ps'],
])('%j fails with the next step', async (args, message, hint) => {
  await expect(runCommandLine(treeOf().tree, args)).rejects.toMatchObject({ message, hint })
})
