import { expect, test } from 'vitest'
import type { Edit } from './edit.js'
import { editJson } from './edit-json.js'

const strict = { comments: false, trailingCommas: false, bom: false }
const relaxed = { comments: true, trailingCommas: true, bom: true }
const set: Edit = { type: 'set', path: ['servers', 'ours'], value: { command: 'node', args: [] } }

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
const add: Edit = { type: 'add-item', path: ['hooks'], value: hook('subagent-mcp hook claude'), ours }
const documentOf = (...items: unknown[]) => JSON.stringify({ hooks: items })

test('several of ours become one, in the place of the first; theirs stay where they are', () => {
  const before = documentOf(
    hook('npx subagent-mcp@1 hook claude'),
    hook('theirs'),
    hook('subagent-mcp@2 hook claude'),
  )
  expect(editJson(before, [add], strict)).toMatchObject({ text: documentOf(add.value, hook('theirs')) })
})

test('ours in one item with theirs is refused, both ways', () => {
  const mixed = { hooks: [...hook('theirs').hooks, ...hook('subagent-mcp hook claude').hooks] }
  const why = 'line 1: our entry shares this item with others'
  expect(editJson(documentOf(mixed), [add], strict)).toEqual({ type: 'refused', why })
  const remove: Edit = { type: 'remove-items', path: ['hooks'], ours }
  expect(editJson(documentOf(mixed), [remove], strict)).toEqual({ type: 'refused', why })
})

test('what is to be removed and is not there, or has no place there, is unchanged', () => {
  for (const text of ['', '{}', '{"servers": 1}', '{"servers": {"other": 1}}']) {
    const edits: Edit[] = [
      { type: 'remove', path: ['servers', 'ours'], created: 2 },
      { type: 'remove-items', path: ['servers'], ours },
    ]
    expect(editJson(text, edits, strict)).toEqual({ type: 'unchanged' })
  }
})

test('a container that was made for us stays when a comment has come into it', () => {
  const remove: Edit = { type: 'remove', path: ['servers', 'ours'], created: 2, gap: '' }
  const text = '{\n  "servers": { // mine\n    "ours": 1\n  }\n}\n'
  expect(editJson(text, [remove], relaxed)).toMatchObject({ text: '{\n  "servers": { // mine\n  }\n}\n' })
})

test('several edits are one: undone together, refused together', () => {
  const edited = editJson('{"a": 1}', [set, add], strict)
  if (edited.type !== 'edited') throw new Error(edited.type)
  expect(editJson(edited.text, edited.undo, strict)).toMatchObject({ text: '{"a": 1}' })
  expect(editJson('{"hooks": 1}', [set, add], strict)).toMatchObject({ type: 'refused' })
})

test('a key that reaches prototypes elsewhere is a key', () => {
  const edit: Edit = { type: 'set', path: ['__proto__', 'constructor'], value: 1 }
  expect(editJson('{}', [edit], strict)).toMatchObject({
    text: '{\n  "__proto__": {\n    "constructor": 1\n  }\n}',
  })
})
