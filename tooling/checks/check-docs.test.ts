import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkDocs, writeGeneratedDocs } from './check-docs.js'
import { makeTree } from './make-tree.js'

test('finds outdated pages, writes them from the server and the tables, and then finds nothing', async () => {
  const root = tree(`# Usage\n\nMine.\n\n${begin}\nold\n${end}\n\nMine too.\n`)
  expect(await checkDocs(root)).toEqual({
    summary: '10 generated files',
    problems: [
      'docs/tools.md differs from what the code generates; run: node tooling/checks/dist/main.js --write',
      'docs/security.md differs from what the code generates; run: node tooling/checks/dist/main.js --write',
      'docs/usage.md differs from what the code generates; run: node tooling/checks/dist/main.js --write',
      'docs/permissions.md differs from what the code generates; run: node tooling/checks/dist/main.js --write',
      'docs/hosts.md differs from what the code generates; run: node tooling/checks/dist/main.js --write',
      'docs/registration.md differs from what the code generates; run: node tooling/checks/dist/main.js --write',
      'docs/configuration.md differs from what the code generates; run: node tooling/checks/dist/main.js --write',
      'docs/http.md differs from what the code generates; run: node tooling/checks/dist/main.js --write',
      'plugins/a.json differs from what the code generates; run: node tooling/checks/dist/main.js --write',
      'docs/commands.md differs from what the code generates; run: node tooling/checks/dist/main.js --write',
    ],
  })
  await writeGeneratedDocs(root)
  expect(readFileSync(join(root, 'docs/usage.md'), 'utf8')).toBe(usage)
  expect(readFileSync(join(root, 'docs/permissions.md'), 'utf8')).toBe(permissions)
  expect(readFileSync(join(root, 'docs/security.md'), 'utf8')).toBe(security)
  expect(readFileSync(join(root, 'docs/hosts.md'), 'utf8')).toBe(hostsPage)
  expect(readFileSync(join(root, 'docs/registration.md'), 'utf8')).toBe(registration)
  expect(readFileSync(join(root, 'docs/configuration.md'), 'utf8')).toBe(configuration)
  expect(readFileSync(join(root, 'docs/http.md'), 'utf8')).toBe(http)
  expect(readFileSync(join(root, 'plugins/a.json'), 'utf8')).toBe('{"name":"a"}')
  const page = readFileSync(join(root, 'docs/tools.md'), 'utf8')
  expect(page.slice(page.indexOf("The server's"))).toBe(tools)
  const listed = readFileSync(join(root, 'docs/commands.md'), 'utf8')
  expect(listed.slice(listed.indexOf('| `'))).toBe(commands)
  expect((await checkDocs(root)).problems).toEqual([])
})

test('fails on a page without the markers of its generated section', async () => {
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

<!-- generated: repository -->
| in the repository | Claude 2.1 |
| --- | --- |
| hooks | **ignored**: \`hooks\` |
| skills | **given where nothing in it runs, else ignored**: \`.claude/skills\`; read at the start |
| links | **cannot be prevented**: \`a\\|b\`, because nothing switches it off |
| plugins | has none |
${end}
`

const security = `# Security

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

const hostsPage = `# Hosts

<!-- generated: ways to learn -->
|  | Claude | others |
| --- | --- | --- |
| a hook (hooks) | yes, here | – |
| the prompt | yes | yes |
${end}
`

const registration = `# Files

<!-- generated: install links -->
- [Cursor](cursor://x)
${end}
`

const configuration = `# Keys

<!-- generated: configuration -->
| key | takes | default | meaning |
|---|---|---|---|
| \`limits.turns\` | whole number | \`20\` | At once. |
| \`mode\` | \`keep\`, \`kill\` | – | A \\| b, as in \`{"a": 1}\`. |
| \`agents\` | list of objects | – | More \\*. |
| \`agents[].id\` | text | – | Its name. |
| \`by\` | by name: \`false\` or list: text | – | By path. |
${end}
`

const http = `# HTTP

<!-- generated: endpoints -->
| endpoint | what it does |
|---|---|
| \`GET /v1/agents\` | All |
| \`POST /v1/agents\` | One |
${end}
`

const configSchema = {
  properties: {
    limits: {
      type: 'object',
      properties: { turns: { type: 'integer', default: 20, description: 'At once.' } },
    },
    mode: { type: 'string', enum: ['keep', 'kill'], description: 'A | b, as in {"a": 1}.' },
    agents: {
      type: 'array',
      default: [],
      description: 'More *.',
      items: { type: 'object', properties: { id: { type: 'string', description: 'Its name.' } } },
    },
    by: {
      type: 'object',
      description: 'By path.',
      additionalProperties: {
        anyOf: [
          { type: 'boolean', const: false },
          { type: 'array', items: { type: 'string' } },
        ],
      },
    },
  },
}

const noticeWays = `export const hostModes = { claude: { label: 'Claude' }, others: { label: 'others' } }
export const noticeWays = [
  { name: 'a hook', needsHooks: true, hostModes: { claude: 'here' } },
  { name: 'the prompt', needsHooks: false, hostModes: { claude: '', others: '' } },
]`

const tools = `The server's instructions: *Delegate.*

## wait

Waits. (Declared: only reads.)

| parameter | takes | default | meaning |
|---|---|---|---|
| \`ids\` | list of texts | required |  |
| \`until\` | \`any\`, \`all\` | \`"any"\` | a \\| b |
| \`mcp\` | \`none\` or list of texts |  |  |

## list

Lists.

It takes no parameters.
`

const commands = `| \`chat send <agent>\` | Sends it. Exits 0. | \`<agent>\` To &lt;whom><br>\`-w, --wait a\\|b\` How long |
`

const help = {
  '': { description: 'All', commands: { chat: 'Chat' } },
  chat: { description: 'Chat', commands: { send: 'Sends it' } },
  'chat send': {
    description: 'Sends it',
    details: ['Exits 0.'],
    words: [{ typed: '<agent>', description: 'To <whom>' }],
    flags: [{ name: '--wait', short: '-w', value: 'a|b', description: 'How long' }],
  },
  'chat hidden': { description: 'Not listed' },
}

function tree(page: string): string {
  return makeTree({
    'docs/usage.md': page,
    'docs/permissions.md': permissions.replace(/(?<=repository -->\n)[^]*?(?=<!-- end)/, 'old\n'),
    'docs/hosts.md': hostsPage.replace(/(?<=learn -->\n)[^]*?(?=<!-- end)/, 'old\n'),
    'packages/installer/dist/notice-ways.js': noticeWays,
    'docs/registration.md': registration.replace('- [Cursor](cursor://x)', 'old'),
    'apps/cli/package.json': { name: 'a' },
    'packages/installer/dist/plugins/plugin-files.js':
      "export const createPluginFiles = (source) => [{ path: 'plugins/a.json', text: JSON.stringify(source) }]\n",
    'packages/installer/dist/plugins/manifests.js':
      "export const formatInstallLinks = () => '- [Cursor](cursor://x)'\n",
    'docs/security.md': security.replace(/(?<=steering files -->\n)[^]*?(?=<!-- end)/, 'old\n'),
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
    'apps/cli/dist/help.json': help,
    'apps/cli/dist/config.schema.json': configSchema,
    'docs/configuration.md': configuration.replace(/(?<=configuration -->\n)[^]*?(?=<!-- end)/, 'old\n'),
    'docs/http.md': http.replace(/(?<=endpoints -->\n)[^]*?(?=<!-- end)/, 'old\n'),
    'packages/api/package.json': { type: 'module' },
    'packages/api/dist/index.js':
      "export const createOpenApiDocument = () => ({ paths: { '/v1/agents': { get: { operationId: 'a', summary: 'All' }, post: { operationId: 'b', summary: 'One' } } } })",
    'packages/driver-kit/package.json': { type: 'module' },
    'packages/driver-kit/dist/repository-table.js':
      "export const repositoryTableRows = { hooks: 'hooks', skills: 'skills', links: 'links', plugins: 'plugins' }",
    'packages/driver-claude/package.json': { type: 'module' },
    'packages/driver-claude/dist/repository-table-columns.js': `export const repositoryTableColumns = ${JSON.stringify(
      [{ cli: 'Claude', version: '2.1', cells }],
    )}`,
    'packages/driver-codex/package.json': { type: 'module' },
    'packages/driver-codex/dist/repository-table-columns.js': 'export const repositoryTableColumns = []',
    'packages/driver-acp/package.json': { type: 'module' },
    'packages/driver-acp/dist/repository-table-columns.js': 'export const repositoryTableColumns = []',
  })
}

const cells = {
  hooks: { outcome: 'ignored', where: '`hooks`' },
  skills: { outcome: 'checked', where: '`.claude/skills`', note: 'read at the start' },
  links: { outcome: 'unprevented', where: '`a|b`', note: 'nothing switches it off' },
  plugins: 'none',
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
