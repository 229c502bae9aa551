import { array, assert, constantFrom, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blockBody, blockVersion } from './block-body.js'
import { removeBlock, upsertBlock, type BlockEdited } from './managed-block.js'

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
    name: 'markers inside of code',
    before: `~~~md\n${ours}\n\`\`\`\n~~~~\n`,
    after: `~~~md\n${ours}\n\`\`\`\n~~~~\n\n${ours}\n`,
  },
  {
    name: 'markers that are not alone or indented',
    before: '- <!-- BEGIN:subagent-mcp v1 -->\n    <!-- END:subagent-mcp -->\n',
    after: `- <!-- BEGIN:subagent-mcp v1 -->\n    <!-- END:subagent-mcp -->\n\n${ours}\n`,
  },
])('is put behind $name, and taken out again', ({ before, after }) => {
  expect(upsertBlock(before, block)).toEqual({ type: 'edited', text: after })
  expect(upsertBlock(after, block)).toEqual({ type: 'unchanged' })
  expect(removeBlock(after)).toEqual({ type: 'edited', text: before })
})

test('replaces a block of any version where it is', () => {
  const text = `A\n${ours.replace('v1', 'v7').replace('Delegate.', 'Other\nwords')}\nB\n`
  expect(upsertBlock(text, block)).toEqual({ type: 'edited', text: `A\n${ours}\nB\n` })
  expect(removeBlock(text)).toEqual({ type: 'edited', text: 'A\nB\n' })
})

test('is left where a user moved it', () => {
  const text = `A\n\n${ours}\n\nB\n`
  expect(upsertBlock(text, block)).toEqual({ type: 'unchanged' })
  expect(removeBlock(text)).toEqual({ type: 'edited', text: 'A\n\nB\n' })
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
  { name: 'a second one', text: `${ours}\n${ours}\n`, why: 'line 4: there is a second block' },
])('is refused with $name', ({ text, why }) => {
  expect(upsertBlock(text, block)).toEqual({ type: 'refused', why })
  expect(removeBlock(text)).toEqual({ type: 'refused', why })
})

test('is not put behind code without an end', () => {
  expect(upsertBlock('A\n```sh\nls\n', block)).toMatchObject({ type: 'refused', why: /^line 2: / })
  expect(removeBlock('A\n```sh\nls\n')).toEqual({ type: 'unchanged' })
})

describe('with any text', () => {
  const pieces = ['\n', '\r\n', 'A', ' ', '```', '~~~~', 'x\n', '\uFEFF', '- ', '<!-- c -->\n', ours, '    ']
  const text = array(constantFrom(...pieces), { maxLength: 12 }).map((all) => all.join(''))

  test('twice is once, and removing what was added gives the bytes back', () => {
    assert(
      property(text, (before) => {
        const added = upsertBlock(before, block)
        if (added.type === 'refused') return
        const after = textOf(added, before)
        expect(upsertBlock(after, block)).toEqual({ type: 'unchanged' })
        const hadOne = removeBlock(before).type === 'edited'
        if (!hadOne) expect(removeBlock(after)).toEqual({ type: 'edited', text: before })
      }),
      { numRuns: runs },
    )
  })
})

test('has a body that a host can afford', () => {
  expect(Buffer.byteLength(blockBody)).toBeLessThanOrEqual(1200)
  expect(upsertBlock('', { version: blockVersion, body: blockBody })).toMatchObject({ type: 'edited' })
})

function textOf(edited: BlockEdited, before: string): string {
  return edited.type === 'edited' ? edited.text : before
}
