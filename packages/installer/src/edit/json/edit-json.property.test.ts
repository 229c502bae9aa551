import fc from 'fast-check'
import { test } from 'vitest'
import { getNodeValue, parseTree } from 'jsonc-parser'
import { checkEdit } from '../check-edit.test.support.js'
import { generateByChoices, documentCount, pickOne, type Chooser } from '../choices.test.support.js'
import type { DocumentEdit } from '../edit.js'
import { editOpenDocumentText as editJson } from '../open-document-text.js'
import { jsonSample } from './json-documents.test.support.js'

const server = { type: 'stdio', command: 'node', args: ['/x y/"bin".js', 'serve'], env: {} }
const setServer: DocumentEdit = { type: 'set', path: ['mcpServers', 'subagent-mcp'], value: server }
const servers = (choose: Chooser) =>
  jsonSample(choose, {
    path: setServer.path,
    equal: JSON.stringify(server),
    different: '{"command": "old", "args": [ ]}',
  })

const group = { matcher: '.*', hooks: [{ type: 'command', command: '"/n" "/subagent-mcp.js" hook claude' }] }
const ours = { mentions: ['subagent-mcp', ' hook claude'] }
const addGroup: DocumentEdit = { type: 'add-item', path: ['hooks', 'PreToolUse'], value: group, ours }
const old = '{"hooks":[{"command":"npx -y subagent-mcp@1 hook claude"}]}'
const others: [string[], ...string[][]] = [
  [],
  ['5'],
  ['{"hooks": []}', '{"hooks":[{"command":"npx subagent-mcp hook codex"}]}'],
]
const groups = (choose: Chooser) =>
  jsonSample(choose, {
    path: addGroup.path,
    equal: ['{"x": 1}', JSON.stringify(group)],
    different: [...pickOne(choose, others), old, ...pickOne<string[]>(choose, [[], ['6']])],
  })

const theirs: [DocumentEdit, ...DocumentEdit[]] = [
  { type: 'set', path: ['theirs', 'b'], value: 1 },
  { type: 'set', path: ['mcpServers', 'theirs'], value: { command: 'x' } },
  { type: 'add-item', path: ['hooks', 'PreToolUse'], value: 'theirs', ours: { is: 'theirs' } },
]

test.each([
  ['an entry', servers, setServer],
  ['an item', groups, addGroup],
])('%s: twice is once, undo gives the bytes back, and nothing foreign changes', (_, make, edit) => {
  const samples = generateByChoices((choose) => ({
    theirs: choose(3) === 0 ? pickOne(choose, theirs) : undefined,
    place: choose(3),
    ...make(choose),
  }))
  fc.assert(
    fc.property(samples, (sample) => {
      const run = (text: string, edits: readonly DocumentEdit[]) => editJson(text, edits, sample.rules)
      checkEdit(sample, edit, { run, data, remark: remarkIn(sample), theirs: sample.theirs })
    }),
    { numRuns: Math.ceil(documentCount / 2) },
  )
})

/** The data of a JSON text by jsonc-parser, without our checks. Objects in it have no prototype that a key could reach. */
function data(text: string): unknown {
  const root = parseTree(text.replace(/^\uFEFF/, ''), [], { allowTrailingComma: true })
  return root === undefined ? Object.create(null) : getNodeValue(root)
}

/** Adds a comment to a JSON text: behind the first brace, in front of the last one, or at the end. */
function remarkIn({ rules, place }: { rules: { comments: boolean }; place: number }) {
  return (text: string) => {
    const root = parseTree(text.replace(/^\uFEFF/, ' '), [], { allowTrailingComma: true })
    if (!rules.comments || root === undefined) return text
    const end = root.offset + root.length
    const at = [root.offset + 1, end - 1, end][place] ?? end
    return `${text.slice(0, at)}/* ‹later› */${text.slice(at)}`
  }
}
