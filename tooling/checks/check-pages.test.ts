import { expect, test } from 'vitest'
import { checkPages } from './check-pages.js'
import { makeTree } from './make-tree.js'

test('finds links to files and headings that do not exist, and pages that the index does not list', () => {
  const root = makeTree({
    'README.md': page,
    'docs/README.md': '# Docs\n\n## Start\n\n- [A](a.md): about it\n',
    'docs/a.md': '# A\n\n## Two words, `code` & more\n\n## Same\n\n## Same\n\n```sh\n# no heading\n```\n',
    'docs/b.md': '[back](../README.md#readme)\n',
    'packages/x/package.json': { name: 'x' },
    'packages/x/README.md': '[up](../../docs/c.md)\n',
  })
  expect(checkPages(root)).toEqual({
    summary: '14 links of 5 pages',
    problems: [
      'README.md: the link docs/c.md leads to docs/c.md, which does not exist',
      'README.md: the link docs/a.md#no-heading leads to a heading that docs/a.md does not have',
      'README.md: the link ftp://example.com has the scheme ftp:, use https:',
      'README.md: the link ../x leads out of the repository',
      'packages/x/README.md: the link ../../docs/c.md leads to docs/c.md, which does not exist',
      'docs/b.md is not listed in docs/README.md: add a line with its title and what it is about',
    ],
  })
})

const page = `# Readme
[a](docs/a.md), [folder](docs), [heading](docs/a.md#two-words-code--more), [second](docs/a.md#same-1)
[gone](docs/c.md), [no heading](docs/a.md#no-heading), [own](#readme), ![picture](docs/a.md "A picture")
[site](https://example.com/x), [other](ftp://example.com), [out](../x)
\`[code](docs/none.md)\` <!-- [comment](docs/none.md) -->
\`\`\`
[block](docs/none.md)
\`\`\`
`

test('finds files that AGENTS.md names and that do not exist', () => {
  const root = makeTree({
    'AGENTS.md':
      '`packages/x/src/a.ts`, `b/c.ts`, `describe-*.ts`, `<host>.json`, `server.json`, `d.ts`, `src/a.json`',
    'server.json': {},
    'packages/x/package.json': { name: 'x' },
    'packages/x/src/a.ts': '',
    'packages/x/src/b/c.ts': '',
    'packages/x/src/b/describe-it.ts': '',
    'packages/x/src/claude.json': {},
  })
  expect(checkPages(root).problems).toEqual([
    'AGENTS.md: d.ts does not exist',
    'AGENTS.md: src/a.json does not exist',
  ])
})

test('finds blocks that no test sees', () => {
  const block = (language: string) => `\`\`\`${language}\n1\n\`\`\`\n`
  const root = makeTree({
    'README.md': ['sh', '', 'bash', 'ts'].map(block).join('\n'),
    'packages/x/package.json': { name: 'x' },
    'packages/x/README.md': block('ts'),
    'packages/y/package.json': { name: 'y' },
    'packages/y/README.md': [block('ts'), block('ts')].join('\n'),
  })
  expect(checkPages(root).problems).toEqual([
    'README.md: a block has the language bash, use one of sh ts js json jsonc yaml mermaid',
    'README.md: no test compiles its block of ts; the README of a package may have one',
    'packages/y/README.md: no test compiles its block of ts; the README of a package may have one',
  ])
})
