import { array, assert, constantFrom, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { managedBlockText, managedBlockVersion } from './block-body.js'
import { removeOurPart } from '../file/file-record.js'
import { removeManagedBlock, upsertManagedBlock, type BlockEdit } from './managed-block.js'

const runs = Number(process.env['DOCUMENTS'] ?? 500)
const block = { version: 1, body: 'Delegate.' }
const ours = '<!-- BEGIN:subagent-mcp v1 -->\nDelegate.\n<!-- END:subagent-mcp -->'

test.each([
  { name: 'an empty file', before: '', after: `${ours}\n` },
  { name: 'a text', before: 'A\n', after: `A\n\n${ours}\n` },
  { name: 'a text without a last line break', before: 'A', after: `A\n\n${ours}` },
  { name: 'a text with empty lines at its end', before: 'A\n\n\n', after: `A\n\n${ours}\n\n\n` },
  {
    name: 'line feeds with carriage returns',
    before: 'A\r\n',
    after: `A\r\n\r\n${ours.replaceAll('\n', '\r\n')}\r\n`,
  },
  { name: 'a byte order mark', before: '\uFEFFA\n', after: `\uFEFFA\n\n${ours}\n` },
  { name: 'nothing but a byte order mark', before: '\uFEFF', after: `\uFEFF${ours}\n` },
  {
    name: 'code that begins behind a bullet',
    before: '- ```sh\n  ls\n  ```\nA\n',
    after: `- \`\`\`sh\n  ls\n  \`\`\`\nA\n\n${ours}\n`,
  },
  {
    name: 'code in a list of a list',
    before: '1. - ~~~\n     ls\n     ~~~\n',
    after: `1. - ~~~\n     ls\n     ~~~\n\n${ours}\n`,
  },
  {
    name: 'code that ends with its item',
    before: '* ```\n  ls\n\nA\n',
    after: `* \`\`\`\n  ls\n\nA\n\n${ours}\n`,
  },
  { name: 'a fence in HTML', before: '<pre>\n```\n</pre>\n', after: `<pre>\n\`\`\`\n</pre>\n\n${ours}\n` },
  {
    name: 'markers that are not alone or indented',
    before: '- <!-- BEGIN:subagent-mcp v1 -->\n    <!-- END:subagent-mcp -->\n',
    after: `- <!-- BEGIN:subagent-mcp v1 -->\n    <!-- END:subagent-mcp -->\n\n${ours}\n`,
  },
])('is put behind $name, and taken out again', ({ before, after }) => {
  expect(upsertManagedBlock(before, block)).toEqual({ type: 'edited', text: after })
  expect(upsertManagedBlock(after, block)).toEqual({ type: 'unchanged' })
  expect(removeManagedBlock(after)).toEqual({ type: 'edited', text: before })
})

test('replaces a block of an older version where it is, and can put it back there', () => {
  const before = ours.replace('v1', 'v0').replace('Delegate.', 'Other\nwords')
  const text = `A\n${before}\nB\n`
  expect(upsertManagedBlock(text, block)).toEqual({ type: 'edited', text: `A\n${ours}\nB\n`, before })
  expect(removeManagedBlock(text)).toEqual({ type: 'edited', text: 'A\nB\n' })
  expect(removeOurPart(`A2\n${ours}\nB\n`, { type: 'block', before })).toMatchObject({
    text: `A2\n${before}\nB\n`,
  })
  expect(removeOurPart('A2\nB\n', { type: 'block', before })).toEqual({ type: 'unchanged' })
})

test('leaves a block of a newer version alone, and takes it out', () => {
  const text = `A\n${ours.replace('v1', 'v7')}\nB\n`
  expect(upsertManagedBlock(text, block)).toEqual({ type: 'unchanged' })
  expect(removeManagedBlock(text)).toEqual({ type: 'edited', text: 'A\nB\n' })
})

test('goes with the white space behind its end', () => {
  expect(removeManagedBlock(`A\r\n\r\n${ours} \t\r\n`)).toEqual({ type: 'edited', text: 'A\r\n' })
})

test('bullets with code above and below it hide nothing', () => {
  const bullet = '- ```sh\n  ls\n  ```\n'
  const text = `${bullet}\n${ours}\n\n${bullet}`
  expect(upsertManagedBlock(text, block)).toEqual({ type: 'unchanged' })
  expect(removeManagedBlock(text)).toEqual({ type: 'edited', text: `${bullet.trimEnd()}\n\n${bullet}` })
})

test('is left where a user moved it', () => {
  const text = `A\n\n${ours}\n\nB\n`
  expect(upsertManagedBlock(text, block)).toEqual({ type: 'unchanged' })
  expect(removeManagedBlock(text)).toEqual({ type: 'edited', text: 'A\n\nB\n' })
})

test.each([
  {
    name: 'no end',
    text: 'A\n<!-- BEGIN:subagent-mcp v1 -->\n',
    why: 'line 2: the block that begins here has no end',
  },
  {
    name: 'no beginning',
    text: 'A\n\n<!-- END:subagent-mcp -->\n',
    why: 'line 3: a block ends that was not begun',
  },
  {
    name: 'a block in it',
    text: `<!-- BEGIN:subagent-mcp v1 -->\n${ours}\n<!-- END:subagent-mcp -->`,
    why: 'line 2: a block begins inside of a block',
  },
  {
    name: 'no other place than code',
    text: `~~~md\n${ours}\n\`\`\`\n~~~~\n`,
    why: 'line 2: our marker stands in code, where a block has no effect',
  },
  { name: 'a second one', text: `${ours}\n${ours}\n`, why: 'line 4: there is a second block' },
])('is refused with $name', ({ text, why }) => {
  expect(upsertManagedBlock(text, block)).toEqual({ type: 'refused', why })
  expect(removeManagedBlock(text)).toEqual({ type: 'refused', why })
})

test('is not put behind code without an end', () => {
  expect(upsertManagedBlock('A\n```sh\nls\n', block)).toMatchObject({ type: 'refused', why: /^line 2: / })
  expect(removeManagedBlock('A\n```sh\nls\n')).toEqual({ type: 'unchanged' })
})

describe('with any text', () => {
  const pieces = [
    '\n',
    '\r\n',
    'A',
    ' ',
    '```',
    '~~~~',
    'x\n',
    '\uFEFF',
    '- ',
    '1. ',
    '<pre>',
    '</pre>',
    '<!-- c -->\n',
    ours,
    '    ',
  ]
  const text = array(constantFrom(...pieces), { maxLength: 12 }).map((all) => all.join(''))

  test('twice is once, and removing what was added gives the bytes back', () => {
    assert(
      property(text, (before) => {
        const added = upsertManagedBlock(before, block)
        if (added.type === 'refused') return
        const after = textOf(added, before)
        expect(upsertManagedBlock(after, block)).toEqual({ type: 'unchanged' })
        const hadOne = removeManagedBlock(before).type === 'edited'
        if (!hadOne) expect(removeManagedBlock(after)).toEqual({ type: 'edited', text: before })
      }),
      { numRuns: runs },
    )
  })
})

test('has a body that a host can afford', () => {
  expect(Buffer.byteLength(managedBlockText)).toBeLessThanOrEqual(1200)
  expect(upsertManagedBlock('', { version: managedBlockVersion, body: managedBlockText })).toMatchObject({
    type: 'edited',
  })
})

function textOf(edited: BlockEdit, before: string): string {
  return edited.type === 'edited' ? edited.text : before
}
