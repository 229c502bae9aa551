import { expect, test } from 'vitest'
import type { DocumentEdit } from '../edit.js'
import { editOpenDocumentText as editJson } from '../open-document-text.js'
import { parseJsonDocument } from './json-document.js'

const strict = { comments: false, trailingCommas: false, bom: false }
const relaxed = { comments: true, trailingCommas: true, bom: true }
const set: DocumentEdit = { type: 'set', path: ['servers', 'ours'], value: { command: 'node', args: [] } }

test.each([
  [
    'nothing',
    '',
    '{\n  "servers": {\n    "ours": {\n      "command": "node",\n      "args": []\n    }\n  }\n}\n',
  ],
  [
    'an empty object over two lines',
    '{ // x\n}\n',
    '{ // x\n  "servers": {\n    "ours": {\n      "command": "node",\n      "args": []\n    }\n  }\n}\n',
  ],
  ['minified', '{"servers":{"a":{}}}', '{"servers":{"a":{},"ours":{"command":"node","args":[]}}}'],
  ['in one line', '{ "servers": {} }', '{ "servers": {"ours": {"command": "node", "args": []}} }'],
  [
    'tabs, CRLF and a comment',
    '{\r\n\t"servers": {\r\n\t\t"a": 1 // one\r\n\t}\r\n}',
    '{\r\n\t"servers": {\r\n\t\t"a": 1, // one\r\n\t\t"ours": {\r\n\t\t\t"command": "node",\r\n\t\t\t"args": []\r\n\t\t}\r\n\t}\r\n}',
  ],
  [
    'trailing commas',
    '{\n    "servers": {\n        "a": 1,\n        // two\n    },\n}',
    '{\n    "servers": {\n        "a": 1,\n        "ours": {\n            "command": "node",\n            "args": []\n        },\n        // two\n    },\n}',
  ],
])('an entry follows its neighbours: %s', (_, before, after) => {
  const edited = editJson(before, [set], relaxed)
  expect(edited).toMatchObject({ type: 'edited', text: after })
  expect(editJson(after, edited.type === 'edited' ? edited.undo : [], relaxed)).toMatchObject({
    text: before,
  })
})

test.each([
  ['a comment', '{\n  // x\n}', 'line 2: invalid comment token'],
  ['a trailing comma', '{\n  "a": 1,\n}', 'line 3: property name expected'],
  ['a byte order mark', '\uFEFF{}', 'line 1: a byte order mark'],
  ['half a document', '{\n  "a":', 'line 2: value expected'],
  ['a lone carriage return', '{\r}', 'line 1: a carriage return without a line feed'],
  ['no object', '[]', 'line 1: the document is no object'],
  ['a parent that is no object', '{\n  "servers": null\n}', 'line 2: servers is no object'],
  [
    'a key that stands there twice',
    '{"servers": {},\n"servers": {}}',
    'line 2: "servers" stands there twice',
  ],
])('refused: %s', (_, text, why) => {
  expect(editJson(text, [set], strict)).toEqual({ type: 'refused', why })
})

const hook = (command: string) => ({ hooks: [{ type: 'command', command }] })
const ours = { mentions: ['subagent-mcp', ' hook claude'] }
const add: DocumentEdit = { type: 'add-item', path: ['hooks'], value: hook('subagent-mcp hook claude'), ours }
const documentOf = (...items: unknown[]) => JSON.stringify({ hooks: items })

test('several items of ours become one at the first place; items of others stay', () => {
  const before = documentOf(
    hook('npx subagent-mcp@1 hook claude'),
    hook('theirs'),
    hook('subagent-mcp@2 hook claude'),
  )
  expect(editJson(before, [add], strict)).toMatchObject({ text: documentOf(add.value, hook('theirs')) })
})

test('our part of an item with parts of others stays when current, and is removed alone', () => {
  const current = hook('subagent-mcp hook claude')
  const shared = { hooks: [...hook('theirs').hooks, ...current.hooks] }
  const stale = { hooks: [...hook('npx subagent-mcp@1 hook claude').hooks, ...hook('theirs').hooks] }
  const remove: DocumentEdit = { type: 'remove-items', path: ['hooks'], ours }
  expect(editJson(documentOf(shared), [add], strict)).toEqual({ type: 'unchanged' })
  expect(editJson(documentOf(shared, current), [add], strict)).toMatchObject({ text: documentOf(shared) })
  expect(editJson(documentOf(stale), [add], strict)).toMatchObject({
    text: documentOf(hook('theirs'), current),
  })
  expect(editJson(documentOf(shared), [remove], strict)).toMatchObject({ text: documentOf(hook('theirs')) })
  expect(editJson(documentOf(stale, 1), [remove], strict)).toMatchObject({
    text: documentOf(hook('theirs'), 1),
  })
})

test('an existing entry gets the missing keys and keeps the others, also when undone', () => {
  const entry: DocumentEdit = {
    type: 'set',
    path: ['ours'],
    value: { command: 'node', env: { A: '$A', B: '2' } },
  }
  const before =
    '{\n  "ours": {\n    // mine\n    "disabled": true,\n    "command": "npx", // why\n    "env": { "A": "$A", "KEY": "k" }\n  }\n}\n'
  const after = before.replace('npx', 'node').replace('"KEY": "k"', '"KEY": "k", "B": "2"')
  const edited = editJson(before, [entry], relaxed)
  expect(edited).toMatchObject({ text: after })
  expect(editJson(after, [entry], relaxed)).toEqual({ type: 'unchanged' })
  const undo = edited.type === 'edited' ? edited.undo : []
  expect(editJson(after, undo, relaxed)).toMatchObject({ text: before })
  expect(editJson('{ "ours": { "command": "bun", "env": { "B": "2" } } }', undo, relaxed)).toMatchObject({
    text: '{ "ours": { "command": "bun", "env": {} } }',
  })
  expect(editJson('{}', undo, relaxed)).toEqual({ type: 'unchanged' })
})

test('undo leaves alone what the user has chosen since', () => {
  const flag: DocumentEdit = { type: 'set', path: ['a', 'flag'], value: false }
  const undo = (text: string, edit: DocumentEdit) => {
    const edited = editJson(text, [edit], strict)
    return edited.type === 'edited' ? edited.undo : []
  }
  expect(editJson('{"a": {"flag": true}}', undo('{}', flag), strict)).toEqual({ type: 'unchanged' })
  expect(editJson('{"a": {"flag": {}}}', undo('{}', flag), strict)).toEqual({ type: 'unchanged' })
  expect(editJson('{"a": {}}', undo('{"a": {"flag": true}}', flag), strict)).toEqual({ type: 'unchanged' })
  expect(editJson('{"servers": {"ours": {"disabled": true}}}', undo('{}', set), strict)).toMatchObject({
    text: '{}',
  })
  const replaced = undo(documentOf(hook('npx subagent-mcp hook claude')), add)
  expect(editJson(documentOf(), replaced, strict)).toEqual({ type: 'unchanged' })
  const mine = hook('bunx subagent-mcp hook claude')
  expect(editJson(documentOf(mine), replaced, strict)).toEqual({ type: 'unchanged' })
})

test('removing a missing value changes nothing', () => {
  for (const text of ['', '{}', '{"servers": 1}', '{"servers": {"other": 1}}']) {
    const edits: DocumentEdit[] = [
      { type: 'remove', path: ['servers', 'ours'], created: 2 },
      { type: 'remove-items', path: ['servers'], ours },
    ]
    expect(editJson(text, edits, strict)).toEqual({ type: 'unchanged' })
  }
})

test('a container that was created for our entry stays when it has a comment', () => {
  const remove: DocumentEdit = { type: 'remove', path: ['servers', 'ours'], created: 2, gap: '' }
  const text = '{\n  "servers": { // mine\n    "ours": 1\n  }\n}\n'
  expect(editJson(text, [remove], relaxed)).toMatchObject({ text: '{\n  "servers": { // mine\n  }\n}\n' })
})

test('a comment in front of a container that was made for us keeps it', () => {
  const remove: DocumentEdit = { type: 'remove', path: ['servers', 'ours'], created: 2, gap: '' }
  const text = '{ "servers": /* mine */ { "ours": 1 } }'
  expect(editJson(text, [remove], relaxed)).toMatchObject({ text: '{ "servers": /* mine */ {} }' })
})

test('a document that is nested too deep is refused', () => {
  const text = `{"a": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`
  expect(editJson(text, [set], strict)).toEqual({ type: 'refused', why: 'it is nested too deep' })
  expect(parseJsonDocument(text, relaxed)).toEqual({ type: 'refused', why: 'it is nested too deep' })
})

test('several edits are one: undone together, refused together', () => {
  const edited = editJson('{"a": 1}', [set, add], strict)
  if (edited.type !== 'edited') throw new Error(edited.type)
  expect(editJson(edited.text, edited.undo, strict)).toMatchObject({ text: '{"a": 1}' })
  expect(editJson('{"hooks": 1}', [set, add], strict)).toMatchObject({ type: 'refused' })
})

test('a key that reaches prototypes elsewhere is a key', () => {
  const edit: DocumentEdit = { type: 'set', path: ['__proto__', 'constructor'], value: 1 }
  expect(editJson('{}', [edit], strict)).toMatchObject({
    text: '{\n  "__proto__": {\n    "constructor": 1\n  }\n}',
  })
})
