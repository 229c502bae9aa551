import { expect, test } from 'vitest'
import type { DocumentEdit } from '../edit.js'
import { editOpenDocumentText } from '../open-document-text.js'

const editToml = (text: string, edits: readonly DocumentEdit[]) => editOpenDocumentText(text, edits, 'toml')

const set: DocumentEdit = {
  type: 'set',
  path: ['mcp_servers', 'subagent-mcp'],
  value: { command: 'node', args: ['a "b"'], env: { 'X Y': '1' } },
}
const block = '[mcp_servers.subagent-mcp]\ncommand = "node"\nargs = ["a \\"b\\""]\nenv = { "X Y" = "1" }'

test.each([
  ['nothing', '', `${block}\n`],
  ['text', 'a = 1 # one\n', `a = 1 # one\n\n${block}\n`],
  ['no last line break', 'a = 1', `a = 1\n\n${block}`],
  ['CRLF and a byte order mark', '\uFEFF[a]\r\n', `\uFEFF[a]\r\n\r\n${block.replaceAll('\n', '\r\n')}\r\n`],
])('a table comes last, behind %s', (_, before, after) => {
  const edited = editToml(before, [set])
  expect(edited).toMatchObject({ type: 'edited', text: after })
  expect(editToml(after, edited.type === 'edited' ? edited.undo : [])).toMatchObject({ text: before })
})

test.each([
  [
    'below the last of its table',
    '[features] # x\n  a = true # yes\n\n[b]\n',
    '[features] # x\n  a = true # yes\n  native = false\n\n[b]\n',
  ],
  ['with a header of its own', '[b]\n', '[b]\n\n[features]\nnative = false\n'],
  ['below an empty header', '[features]', '[features]\nnative = false'],
])('a value comes %s', (_, before, after) => {
  const edited = editToml(before, [{ type: 'set', path: ['features', 'native'], value: false }])
  expect(edited).toMatchObject({ type: 'edited', text: after })
  expect(editToml(after, edited.type === 'edited' ? edited.undo : [])).toMatchObject({ text: before })
})

test.each([
  [
    'an inline table',
    'a = 1\nmcp_servers = {}',
    'line 2: mcp_servers is an inline table, a value or dotted keys',
  ],
  [
    'dotted keys',
    '[mcp_servers]\nsubagent-mcp.command = "x"',
    'line 2: mcp_servers.subagent-mcp is made by dotted keys',
  ],
  ['a list of tables', '[[mcp_servers]]', 'line 1: mcp_servers.0 is one of several tables'],
  ['what is no TOML', 'a = 1\nb = ', 'line 2: '],
  ['what is nested too deep', `[mcp_servers.${'a.'.repeat(100_000)}a]`, 'it is nested too deep'],
  ['what one parser takes', 'a = 1\r', 'line 1: '],
])('refused: %s', (_, text, why) => {
  const edited = editToml(text, [set])
  expect(edited.type === 'refused' ? edited.why : edited.type).toContain(why)
})

test('an edit cannot restore a date, so the undo only removes ours', () => {
  const edited = editToml('[a]\nb = 1979-05-27\n', [{ type: 'set', path: ['a', 'b'], value: 1 }])
  expect(edited).toMatchObject({
    text: '[a]\nb = 1\n',
    undo: [{ type: 'remove', path: ['a', 'b'], wrote: 1 }],
  })
})

test('an existing table gets the missing keys and keeps the others, also when undone', () => {
  const before =
    '[mcp_servers.subagent-mcp] # mine\ncommand = "npx" # old\nenabled = false\nenv = { KEY = "k" }\n\n[mcp_servers.subagent-mcp.tools.wait]\napproval_mode = "prompt"\n'
  const after = before
    .replace('"npx"', '"node"')
    .replace('{ KEY = "k" }', '{ KEY = "k", "X Y" = "1" }\nargs = ["a \\"b\\""]')
  const edited = editToml(before, [set])
  expect(edited).toMatchObject({ text: after })
  expect(editToml(after, [set])).toEqual({ type: 'unchanged' })
  const undo = edited.type === 'edited' ? edited.undo : []
  expect(editToml(after, undo)).toMatchObject({ text: before })
  expect(editToml('[mcp_servers]\n', undo)).toEqual({ type: 'unchanged' })
})

test('undo leaves alone what the user has chosen since', () => {
  const edited = editToml('', [{ type: 'set', path: ['features', 'native'], value: false }])
  const undo = edited.type === 'edited' ? edited.undo : []
  expect(editToml('[features]\nnative = true # I want it\n', undo)).toEqual({ type: 'unchanged' })
  const gone = editToml('[a]\nb = { c = 1 }\n', [{ type: 'remove', path: ['a', 'b'] }])
  expect(editToml('[a]\nb = 2\n', gone.type === 'edited' ? gone.undo : [])).toEqual({ type: 'unchanged' })
})

test('our part is removed from a group that others extended', () => {
  const ours = { mentions: ['subagent-mcp', ' hook codex'] }
  const handler = (command: string) => `[[hooks.Stop.hooks]]\ncommand = "${command}"\n`
  const group = (handlers: string) => `[[hooks.Stop]]\n${handlers}`
  const mine = handler('subagent-mcp hook codex')
  expect(
    editToml(group(mine + handler('theirs')), [{ type: 'remove-items', path: ['hooks', 'Stop'], ours }]),
  ).toMatchObject({ text: group(handler('theirs')) })
})

test('TOML has no null', () => {
  expect(editToml('', [{ type: 'set', path: ['a'], value: { b: [null] } }])).toMatchObject({
    type: 'refused',
  })
})

test('a block that others moved and split goes as a whole, theirs around it stay', () => {
  const text =
    '# top\n[mcp_servers.subagent-mcp] # ours\ncommand = 1\n# theirs\n\n[b]\nc = 1\n[mcp_servers.subagent-mcp.env]\nX = 1\n\n[d]\n'
  expect(editToml(text, [{ type: 'remove', path: ['mcp_servers', 'subagent-mcp'] }])).toMatchObject({
    text: '# top\n# theirs\n\n[b]\nc = 1\n\n[d]\n',
  })
})

test('a header that was created for a value stays when others use it', () => {
  const remove: DocumentEdit = { type: 'remove', path: ['features', 'native'], created: 1 }
  expect(editToml('[features]\nnative = false\n', [remove])).toMatchObject({ text: '' })
  expect(editToml('[features]\n# why\nnative = false\n', [remove])).toMatchObject({
    text: '[features]\n# why\n',
  })
  expect(editToml('[features]\nnative = false\na = 1\n', [remove])).toMatchObject({
    text: '[features]\na = 1\n',
  })
})
