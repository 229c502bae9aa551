import { managedBlockText, openRecords, rollback } from '@subagent-mcp/installer'
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { containing } from '@subagent-mcp/testkit'
import { getStateFolderPath } from '../../settings/state-folder.js'
import { createInstallerOptions } from '../../settings/installer-options.js'
import { makeInitFolders } from './init-folders.test.support.js'

const block = `<!-- BEGIN:subagent-mcp v1 -->\n${managedBlockText}\n<!-- END:subagent-mcp -->`
const root = ['--root', '.'] as const

describe('a project', () => {
  test('gets three files, as open as itself; twice is once, and removing leaves nothing', async () => {
    const { project, init, read, bytesIn } = makeInitFolders()
    chmodSync(project, 0o755)
    const paths = ['AGENTS.md', 'CLAUDE.md', 'GEMINI.md'].map((name) => join(project, name))
    expect(await init(...root)).toEqual({
      code: 0,
      stdout: paths.map((path) => `written    ${path}\n`).join(''),
      stderr: 'hosts read it in their next session\n',
    })
    for (const name of ['AGENTS.md', 'CLAUDE.md', 'GEMINI.md']) expect(read(name)).toBe(`${block}\n`)
    expect(statSync(join(project, 'AGENTS.md')).mode & 0o777).toBe(0o644)
    const again = await init(...root)
    expect(again).toEqual({
      code: 0,
      stdout: paths.map((path) => `unchanged  ${path}\n`).join(''),
      stderr: '',
    })
    expect((await init(...root, '--remove')).stdout).toBe(
      paths.map((path) => `deleted    ${path}\n`).join(''),
    )
    expect(bytesIn(project)).toEqual({ '.git': 'no file' })
  })

  test.each([
    ['a final newline', '# Mine\n\ntext\n', '\n'],
    ['none', '# Mine', '\n'],
    ['CRLF and a byte order mark', '\uFEFF# Mine\r\n\r\ntext\r\n', '\r\n'],
    ['empty lines at the end', 'a\n\n\n', '\n'],
    ['nothing in it', '', '\n'],
  ])('keeps each byte of a file with %s', async (_, before, lineBreak) => {
    const { init, read, write, project } = makeInitFolders()
    const path = write('AGENTS.md', before)
    chmodSync(path, 0o640)
    await init(...root, '--files', 'AGENTS.md')
    expect(read('AGENTS.md')).toContain(block.replaceAll('\n', lineBreak))
    expect(read('AGENTS.md').startsWith(before.trimEnd())).toBe(true)
    await init(...root, '--remove')
    expect(read('AGENTS.md')).toBe(before)
    expect(statSync(path).mode & 0o777).toBe(0o640)
    expect(existsSync(join(project, 'CLAUDE.md'))).toBe(false)
  })

  test('has an older block renewed in its place', async () => {
    const { init, read, write } = makeInitFolders()
    write('AGENTS.md', `a\n\n${block.replace('v1', 'v0').replace(managedBlockText, 'old words')}\n\nb\n`)
    await init(...root, '--files', 'AGENTS.md')
    expect(read('AGENTS.md')).toBe(`a\n\n${block}\n\nb\n`)
  })

  test('what others wrote since stays when the block goes, and so does a file that is theirs by now', async () => {
    const { init, read, write, project } = makeInitFolders()
    await init(...root)
    write('AGENTS.md', `# Mine\n\n${read('AGENTS.md')}`)
    await init(...root, '--remove')
    expect(read('AGENTS.md')).toBe('# Mine\n')
    expect(existsSync(join(project, 'CLAUDE.md'))).toBe(false)
  })

  test('a block that came with the repository goes as well', async () => {
    const { init, read, write, project } = makeInitFolders()
    write('AGENTS.md', `a\n\n${block}\n`)
    write('CLAUDE.md', `${block}\n`)
    expect((await init(...root, '--remove')).stdout).toContain(`unchanged  ${join(project, 'GEMINI.md')}\n`)
    expect(read('AGENTS.md')).toBe('a\n')
    expect(existsSync(join(project, 'CLAUDE.md'))).toBe(false)
  })
})

describe('links', () => {
  test('one file is written once, and the link stays', async () => {
    const { project, init, read, write } = makeInitFolders()
    write('AGENTS.md', 'a\n')
    symlinkSync('AGENTS.md', join(project, 'CLAUDE.md'))
    const { stdout } = await init(...root, '--json')
    expect(JSON.parse(stdout)).toEqual({
      files: [
        { type: 'written', path: join(project, 'AGENTS.md') },
        { type: 'covered', path: join(project, 'CLAUDE.md'), how: 'link', by: join(project, 'AGENTS.md') },
        { type: 'written', path: join(project, 'GEMINI.md') },
      ],
      notes: [],
    })
    expect(read('AGENTS.md')).toBe(`a\n\n${block}\n`)
    expect(lstatSync(join(project, 'CLAUDE.md')).isSymbolicLink()).toBe(true)
    await init(...root, '--remove', '--files', 'CLAUDE.md')
    expect(read('AGENTS.md')).toBe('a\n')
  })

  test('out of the project are not followed', async () => {
    const { project, home, init, bytesIn } = makeInitFolders()
    writeFileSync(join(home, '.bashrc'), 'ls\n')
    symlinkSync(join(home, '.bashrc'), join(project, 'AGENTS.md'))
    symlinkSync(home, join(project, '.github'))
    const { code, stdout } = await init(...root, '--copilot')
    expect(code).toBe(1)
    expect(stdout).toContain(
      `refused    ${join(project, 'AGENTS.md')}: it leads out of the project, to ${home}/.bashrc\n`,
    )
    expect(bytesIn(home)).toEqual({ '.bashrc': 'ls\n' })
  })

  test('a second name of a file is refused, and keeps no other file from its block', async () => {
    const { project, init, read, write } = makeInitFolders()
    linkSync(write('AGENTS.md', 'a\n'), join(project, 'second'))
    const { code, stdout } = await init(...root)
    expect(code).toBe(1)
    expect(stdout).toMatch(/^refused {4}\S+AGENTS\.md: it has a second name, a hard link/)
    expect([read('AGENTS.md'), read('CLAUDE.md')]).toEqual(['a\n', `${block}\n`])
  })
})

test('a file that imports AGENTS.md has the block by that, until it has one of its own', async () => {
  const { project, init, read, write } = makeInitFolders()
  write('CLAUDE.md', '@AGENTS.md\n')
  write('GEMINI.md', `@./AGENTS.md\n\n${block.replace('v1', 'v0')}\n`)
  const { stdout } = await init(...root)
  expect(stdout).toContain(`covered    ${join(project, 'CLAUDE.md')} imports ${join(project, 'AGENTS.md')}\n`)
  expect(read('CLAUDE.md')).toBe('@AGENTS.md\n')
  expect(read('GEMINI.md')).toBe(`@./AGENTS.md\n\n${block}\n`)
  await init(...root, '--files', 'CLAUDE.md')
  expect(read('CLAUDE.md')).toContain(block)
})

test.each([
  ['half', `a\n<!-- BEGIN:subagent-mcp v1 -->\n`, 'line 2: the block that begins here has no end'],
  ['doubled', `${block}\n${block}\n`, `line ${block.split('\n').length + 1}: there is a second block`],
  ['nested', `<!-- BEGIN:subagent-mcp v1 -->\n${block}\n`, 'line 2: a block begins inside of a block'],
])('a %s block is an error that says where, and other files get theirs', async (_, text, why) => {
  const { project, init, read, write } = makeInitFolders()
  write('AGENTS.md', text)
  for (const words of [root, [...root, '--remove'], [...root, '--dry-run']]) {
    const { code, stdout, stderr } = await init(...words)
    expect(code).toBe(1)
    expect(stdout + stderr).toContain(`refused    ${join(project, 'AGENTS.md')}: ${why}\n`)
    expect(read('AGENTS.md')).toBe(text)
    expect(existsSync(join(project, 'CLAUDE.md'))).toBe(words === root)
  }
})

test('further files, with the folders that they need, go again', async () => {
  const { project, init, read, bytesIn } = makeInitFolders()
  chmodSync(project, 0o755)
  await init(...root, '--files', 'docs/a/b.md', '--copilot', '--cursor')
  const rule = '---\ndescription: When to delegate to sub-agents\nalwaysApply: true\n---\n'
  expect(bytesIn(project)).toMatchObject({
    'docs/a/b.md': `${block}\n`,
    '.github/copilot-instructions.md': `${block}\n`,
  })
  expect(read('.cursor/rules/subagent-mcp.mdc')).toBe(`${rule}\n${block}\n`)
  expect(statSync(join(project, '.github')).mode & 0o055).toBe(0o055)
  await init(...root, '--files', 'docs/a/b.md', '--copilot', '--cursor', '--remove')
  expect(bytesIn(project)).toEqual({ '.git': 'no file' })
})

test('a dry run shows a diff and touches nothing, not even our own files', async () => {
  const { project, init, write, bytesIn, terminal } = makeInitFolders()
  write('AGENTS.md', 'a\n')
  const before = bytesIn(project)
  const { code, stdout, stderr } = await init(...root, '--dry-run', '--files', 'AGENTS.md,new.md')
  const added = block.split('\n').map((line) => `+${line}\n`)
  const lines = added.length
  const [path, other] = [join(project, 'AGENTS.md'), join(project, 'new.md')]
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout:
      `--- ${path}\n+++ ${path}\n@@ -1 +1,${lines + 2} @@\n a\n+\n${added.join('')}` +
      `--- /dev/null\n+++ ${other}\n@@ -0,0 +1,${lines} @@\n${added.join('')}`,
    stderr: '',
  })
  expect(bytesIn(project)).toEqual(before)
  expect(existsSync(terminal.environment['SUBAGENT_MCP_HOME'] ?? '')).toBe(false)
  await init(...root, '--files', 'AGENTS.md')
  const removal: unknown = JSON.parse((await init(...root, '--dry-run', '--remove', '--json')).stdout)
  expect(removal).toMatchObject({
    files: [{ type: 'change', path, diff: containing('\n-## ') }, {}, {}],
  })
  expect(bytesIn(project)).not.toEqual(before)
})

test('the source of this tool is left alone, unless by force', async () => {
  const { init, write, project } = makeInitFolders()
  write('package.json', '{ "name": "subagent-mcp-monorepo" }')
  mkdirSync(join(project, 'apps'))
  const refused = { code: 'invalid-parameter', message: `${project} is the source of subagent-mcp` }
  await expect(init('--root', 'apps')).rejects.toMatchObject(refused)
  await expect(init(...root, '--dry-run')).rejects.toMatchObject(refused)
  expect((await init(...root, '--force')).code).toBe(0)
  write('package.json', '{ broken')
  expect((await init(...root)).code).toBe(0)
})

test('a folder that is not there is wrong use', async () => {
  const { init, project } = makeInitFolders()
  const message = `${join(project, 'nowhere')} is no folder`
  await expect(init('--root', 'nowhere')).rejects.toMatchObject({ code: 'cwd-missing', message })
})

test('a path that cannot be read is reported, and the others get their block', async () => {
  const { project, init, read, write } = makeInitFolders()
  write('.github', '')
  symlinkSync('CLAUDE.md', join(project, 'CLAUDE.md'))
  const { code, stdout } = await init(...root, '--copilot')
  expect(code).toBe(1)
  expect(stdout.match(/^refused/gm)).toHaveLength(2)
  expect([read('AGENTS.md'), read('GEMINI.md')]).toEqual([`${block}\n`, `${block}\n`])
})

test('what gets no block itself covers no other', async () => {
  const { init, read, write } = makeInitFolders()
  write('AGENTS.md', `${block}\n${block}\n`)
  write('CLAUDE.md', '@AGENTS.md\n')
  await init(...root)
  expect(read('CLAUDE.md')).toContain(block)
})

test('a removal takes what was written below the root, but not what files are named for', async () => {
  const { init, bytesIn, project, read } = makeInitFolders()
  chmodSync(project, 0o755)
  await init(...root, '--files', 'AGENTS.md,docs/b.md', '--copilot', '--cursor')
  await init(...root, '--remove', '--files', 'AGENTS.md')
  expect(read('docs/b.md')).toBe(`${block}\n`)
  await init(...root, '--remove')
  expect(bytesIn(project)).toEqual({ '.git': 'no file' })
})

test('a removal is a change of its own: taken back, it brings blocks and records again', async () => {
  const { init, terminal, bytesIn, project, write } = makeInitFolders()
  chmodSync(project, 0o755)
  write('AGENTS.md', 'a\n')
  await init(...root, '--copilot')
  const before = bytesIn(project)
  const state = openRecords(getStateFolderPath(terminal.environment))
  const { files } = state.read()
  terminal.now = () => Date.UTC(2026, 10, 21, 13)
  await init(...root, '--remove')
  write('GEMINI.md', 'mine\n')
  const plan = rollback(createInstallerOptions(terminal))
  expect(plan?.files.map(({ type }) => type)).toEqual(['restored', 'restored', 'refused', 'restored'])
  const [agents, , gemini] = plan?.apply() ?? []
  expect(agents).toEqual({ path: join(project, 'AGENTS.md'), type: 'restored' })
  expect(gemini).toMatchObject({
    type: 'refused',
    why: containing('it was written to since; with its block it is '),
  })
  expect(bytesIn(project)).toEqual({ ...before, 'GEMINI.md': 'mine\n' })
  expect(statSync(join(project, 'CLAUDE.md')).mode & 0o777).toBe(0o644)
  expect(state.read().files).toEqual(files.filter(({ record }) => !record.path.endsWith('GEMINI.md')))
  expect(rollback(createInstallerOptions(terminal))?.run).toBe(plan?.run)
})

test('it is kept what was written, until it is removed', async () => {
  const { project, init, write, terminal } = makeInitFolders()
  write('AGENTS.md', 'a\n')
  symlinkSync('AGENTS.md', join(project, 'CLAUDE.md'))
  await init(...root, '--files', 'CLAUDE.md,GEMINI.md')
  const records = () =>
    openRecords(getStateFolderPath(terminal.environment))
      .read()
      .files.map(({ record }) => record)
  expect(records()).toMatchObject([
    { path: join(project, 'AGENTS.md'), before: { type: 'text' }, takeOut: { type: 'block' } },
    { path: join(project, 'GEMINI.md'), before: { type: 'absent', folders: [] }, takeOut: { type: 'block' } },
  ])
  await init(...root, '--remove')
  expect(records()).toEqual([])
})
