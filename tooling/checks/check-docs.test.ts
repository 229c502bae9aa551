import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkDocs, writeDocs } from './check-docs.js'
import { makeTree } from './make-tree.js'

test('writes what the server and the table say, and then finds nothing', async () => {
  const root = tree(`# Usage\n\nMine.\n\n${begin}\nold\n${end}\n\nMine too.\n`)
  expect(await checkDocs(root)).toEqual({
    summary: '3 generated pages',
    problems: [
      'docs/tools.md is not current: node tooling/checks/dist/main.js --write',
      'docs/usage.md is not current: node tooling/checks/dist/main.js --write',
    ],
  })
  await writeDocs(root)
  expect(readFileSync(join(root, 'docs/usage.md'), 'utf8')).toBe(usage)
  expect(readFileSync(join(root, 'docs/permissions.md'), 'utf8')).toBe(permissions)
  const page = readFileSync(join(root, 'docs/tools.md'), 'utf8')
  expect(page.slice(page.indexOf("The server's"))).toBe(tools)
  expect((await checkDocs(root)).problems).toEqual([])
})

test('a page that has lost its markers is an error', async () => {
  await expect(checkDocs(tree(`${begin}\nno end\n`))).rejects.toThrow('docs/usage.md has no <!-- generated')
})

const [begin, end] = ['<!-- generated: routing -->', '<!-- end of generated -->']

const usage = `# Usage

Mine.

${begin}
| category | tried, best first |
|---|---|
| \`coding\` | claude opus high, gemini pro |
| \`mixed\` | the best of each in turn: \`coding\`, \`prose\` |
| third try of one task (\`deadlock\`) | claude opus low |

| model | efforts that the table asks of it |
|---|---|
| claude opus | low, high |
| gemini pro | none: the model decides |
${end}

Mine too.
`

const permissions = `# Permissions

<!-- generated: steering files -->
| kind | what is in them | files and folders |
|---|---|---|
| hooks | they run | \`.husky/\`, \`.a*\` |
<!-- end of generated -->

Between.

<!-- generated: credential places -->
| kind | files and folders |
|---|---|
| Environment | \`.env*\` |
| Examples | \`*.example\` |
<!-- end of generated -->
`

const tools = `The server's instructions: *Delegate.*

## wait

Waits. (Declared: only reads.)

| parameter | takes | without it | meaning |
|---|---|---|---|
| \`ids\` | list of texts | required |  |
| \`until\` | \`any\`, \`all\` | \`"any"\` | a \\| b |
| \`mcp\` | \`none\` or list of texts |  |  |

## list

Lists.

It takes no parameters.
`

function tree(page: string): string {
  return makeTree({
    'docs/usage.md': page,
    'docs/permissions.md': permissions,
    'packages/permissions/src/places/steering-files.json': [
      { kind: 'hooks', why: 'they run', files: ['.husky/', '.a*'] },
    ],
    'packages/permissions/src/places/credential-places.json': {
      readable: { what: 'Examples', files: ['*.example'] },
      places: [{ what: 'Environment', files: ['.env*'] }],
    },
    'packages/routing/src/default-table.json': {
      strongest: [{ provider: 'claude', model: 'opus', effort: 'low' }],
      categories: {
        coding: {
          candidates: [
            { provider: 'claude', model: 'opus', effort: 'high', why: 'it is good' },
            { provider: 'gemini', model: 'pro' },
          ],
        },
        mixed: { composedOf: ['coding', 'prose'] },
      },
    },
    'apps/cli/bin/subagent-mcp.js': server,
  })
}

const list = { type: 'array', items: { type: 'string' } }
const wait = {
  properties: {
    ids: list,
    until: { type: 'string', enum: ['any', 'all'], default: 'any', description: 'a | b' },
    mcp: { anyOf: [{ type: 'string', enum: ['none'] }, list] },
  },
  required: ['ids'],
}
const results = {
  initialize: { instructions: 'Delegate.' },
  'tools/list': {
    tools: [
      { name: 'wait', description: 'Waits.', annotations: { readOnlyHint: true }, inputSchema: wait },
      { name: 'list', description: 'Lists.', inputSchema: { properties: {} } },
    ],
  },
}

const server = `
  const results = ${JSON.stringify(results)}
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method } = JSON.parse(line)
    if (id) console.log(JSON.stringify({ jsonrpc: '2.0', id, result: results[method] }))
  })`
