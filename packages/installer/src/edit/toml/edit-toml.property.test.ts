import fc from 'fast-check'
import { parse } from 'smol-toml'
import { test } from 'vitest'
import { checkEdit } from '../check-edit.test.support.js'
import { generateByChoices, documentCount, pickOne } from '../choices.test.support.js'
import type { DocumentEdit } from '../edit.js'
import { editOpenDocumentText } from '../open-document-text.js'
import { tomlSample, type TomlSampleVariant } from './toml-documents.test.support.js'

const editToml = (text: string, edits: readonly DocumentEdit[]) => editOpenDocumentText(text, edits, 'toml')

const server = { command: '/n "o" de', args: ['/x/\u007f.js'], tool_timeout_sec: 3600, env: { 'A B': '1' } }
const setServer: DocumentEdit = { type: 'set', path: ['mcp_servers', 'subagent-mcp'], value: server }
const servers: [TomlSampleVariant, ...TomlSampleVariant[]] = [
  { shape: 'absent' },
  { shape: 'absent', blocks: [['[mcp_servers]', 'other = { command = "x" }'], ['[mcp_servers.x]']] },
  { shape: 'absent', blocks: [['[mcp_servers."subagent-mcp2"] # theirs'], ['[mcp_servers]']] },
  {
    shape: 'equal',
    blocks: [
      [
        '[ mcp_servers . "subagent-mcp" ]',
        'args = [',
        "  '/x/\\u007f.js'".replaceAll("'", '"'),
        ', ]',
        'env."A B" = "1"',
        'tool_timeout_sec = 3_600.0',
        'command = "/n \\"o\\" de"',
      ],
    ],
  },
  {
    shape: 'different',
    blocks: [
      ['[mcp_servers.subagent-mcp]', 'command = "old" # why ¤', '# mine ¤', 'cwd = "/their"'],
      ['[mcp_servers."subagent-mcp".env] # ¤', 'A = 1'],
    ],
  },
  {
    shape: 'different',
    blocks: [['[mcp_servers]', "'subagent-mcp' = { command = 'npx', enabled = false } # remark ¤"]],
  },
  {
    shape: 'different',
    blocks: [
      ['[mcp_servers.subagent-mcp.env]', 'X = "$X"'],
      ['  [mcp_servers.subagent-mcp]', '  command = "old" # ¤'],
    ],
  },
  { shape: 'foreign', blocks: [['[mcp_servers]', 'subagent-mcp.command = "old"']] },
  { shape: 'foreign', top: 'mcp_servers.subagent-mcp.command = "old"' },
  { shape: 'foreign', top: 'mcp_servers.other.command = "old"' },
  { shape: 'foreign', top: 'mcp_servers = { subagent-mcp = { command = "npx" } }' },
  { shape: 'foreign', top: 'mcp_servers = []' },
  { shape: 'foreign', blocks: [['[[mcp_servers]]', 'command = "x"']] },
  { shape: 'foreign', blocks: [['[[mcp_servers.subagent-mcp]]', 'command = "x"']] },
]

const setFlag: DocumentEdit = { type: 'set', path: ['features', 'multi_agent'], value: false }
const flags: [TomlSampleVariant, ...TomlSampleVariant[]] = [
  { shape: 'absent' },
  { shape: 'absent', blocks: [['[features]']] },
  { shape: 'absent', blocks: [['[features] # mine ¤', '  other = true # yes ¤', '# tail ¤']] },
  { shape: 'absent', blocks: [['[features.deep]', 'x = 1']] },
  { shape: 'equal', blocks: [['[features]', '"multi_agent"=false']] },
  { shape: 'equal', top: 'features = { multi_agent = false }' },
  { shape: 'different', blocks: [['[features]', 'multi_agent = true # on ¤']] },
  { shape: 'foreign', top: 'features = { multi_agent = true }' },
  { shape: 'different', top: 'features.multi_agent = true' },
  { shape: 'foreign', top: 'features.other = true' },
  { shape: 'foreign', blocks: [['[features.multi_agent]', 'x = 1']] },
]

const setTop: DocumentEdit = { type: 'set', path: ['top key'], value: ['a', 2] }
const tops: [TomlSampleVariant, ...TomlSampleVariant[]] = [
  { shape: 'absent' },
  { shape: 'equal', top: '"top key" = [ "a", 2, ]' },
  { shape: 'different', top: '"top key" = 3 # three ¤' },
  { shape: 'foreign', top: '"top key".x = 1' },
]

const group = { matcher: '.*', hooks: [{ type: 'command', command: '"/n" /subagent-mcp.js hook codex' }] }
const ours = { mentions: ['subagent-mcp', ' hook codex'] }
const addGroup: DocumentEdit = { type: 'add-item', path: ['hooks', 'PreToolUse'], value: group, ours }
const theirGroup = ['[[hooks.PreToolUse]]', 'matcher = "Bash"']
const theirHandler = ['  [[hooks.PreToolUse.hooks]]', '  command = "theirs"']
const handler = (command: string) => [
  '[[hooks.PreToolUse.hooks]]',
  'type = "command"',
  `command = '${command}'`,
]
const groups: [TomlSampleVariant, ...TomlSampleVariant[]] = [
  { shape: 'absent' },
  { shape: 'absent', blocks: [theirGroup, theirHandler] },
  {
    shape: 'absent',
    blocks: [['[hooks]', 'PreToolUse = [ # theirs ¤', '  { matcher = "Bash" }, # it ¤', '', '# end ¤', ']']],
  },
  { shape: 'absent', blocks: [['[hooks]', 'PreToolUse = [ ]'], ['[hooks.state]']] },
  {
    shape: 'equal',
    blocks: [
      theirGroup,
      ['[[hooks.PreToolUse]]', "matcher = '.*'"],
      handler('"/n" /subagent-mcp.js hook codex'),
    ],
  },
  {
    shape: 'different',
    blocks: [['[[hooks.PreToolUse]]'], handler('npx subagent-mcp hook codex'), theirGroup, theirHandler],
  },
  {
    shape: 'different',
    blocks: [
      [
        '[hooks]',
        'PreToolUse = [ # ¤',
        '{ hooks = [{ command = "subagent-mcp hook codex" }] } # ¤',
        ', 5',
        ']',
      ],
    ],
  },
  {
    shape: 'shared',
    blocks: [['[[hooks.PreToolUse]]'], handler('npx subagent-mcp hook codex'), theirHandler],
  },
  { shape: 'foreign', top: 'hooks.PreToolUse = 5' },
  { shape: 'foreign', top: 'hooks = { PreToolUse = [] }' },
]

const addName: DocumentEdit = {
  type: 'add-item',
  path: ['tui', 'names'],
  value: 'ours',
  ours: { is: 'ours' },
}
const names: [TomlSampleVariant, ...TomlSampleVariant[]] = [
  { shape: 'absent' },
  { shape: 'absent', blocks: [['[tui]', 'names = [', '\t"a" # it ¤', '\t# more ¤', ']']] },
  { shape: 'absent', blocks: [['[tui]', 'names = ["a",]', 'x = 1']] },
  { shape: 'absent', blocks: [['[tui]', 'names = [', ']']] },
  { shape: 'absent', blocks: [['[tui.deep]', 'names = []']] },
  { shape: 'equal', blocks: [['[tui]', "names = [ 'ours', 'b' ]"]] },
  { shape: 'foreign', blocks: [['[tui]', "names = 'ours'"]] },
]

const theirs: [DocumentEdit, ...DocumentEdit[]] = [
  { type: 'set', path: ['mcp_servers', 'their server'], value: { command: 'x' } },
  { type: 'set', path: ['features', 'theirs'], value: 1 },
  { type: 'add-item', path: ['hooks', 'PreToolUse'], value: { matcher: 'theirs' }, ours: { is: 1 } },
  { type: 'add-item', path: ['tui', 'names'], value: 'theirs', ours: { is: 'theirs' } },
  { type: 'set', path: ['their key'], value: 1 },
]

const data = (text: string) => parse(text, { integersAsBigInt: 'asNeeded' })

test.each([
  ['a table', servers, setServer],
  ['a value', flags, setFlag],
  ['a value at the top', tops, setTop],
  ['a table of several', groups, addGroup],
  ['an item', names, addName],
])('%s: twice is once, undo gives the bytes back, and nothing foreign changes', (_, variants, edit) => {
  const samples = generateByChoices((choose) => ({
    ...tomlSample(choose, variants),
    atStart: choose(2) === 1,
    theirs: choose(3) === 0 ? pickOne(choose, theirs) : undefined,
  }))
  fc.assert(
    fc.property(samples, (sample) => {
      const remark = remarkIn(sample)
      checkEdit(sample, edit, { run: editToml, data, remark, theirs: sample.theirs })
    }),
    { numRuns: Math.ceil(documentCount / 5) },
  )
})

/** Adds a comment at the beginning or at the end of a TOML text. */
function remarkIn({ atStart }: { atStart: boolean }) {
  return (text: string) => {
    const bom = text.startsWith('\uFEFF') ? '\uFEFF' : ''
    const body = text.slice(bom.length)
    if (atStart) return `${bom}# ‹later›\n${body}`
    return `${text}${text.endsWith('\n') ? '' : '\n'}# ‹later›\n`
  }
}
