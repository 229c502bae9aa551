import { RegistryEntry } from '@subagent-mcp/testkit'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { formatInstallLinks } from './manifests.js'
import { createPluginFiles } from './plugin-files.js'
import type { PluginSource } from './plugin-source.js'

const manifest = fileURLToPath(new URL('../../../../apps/cli/package.json', import.meta.url))
const source = z.custom<PluginSource>().parse(JSON.parse(readFileSync(manifest, 'utf8')))
const files = createPluginFiles(source)

test('the entry of the MCP registry keeps its schema, and names the npm package that names the entry', () => {
  const entry = RegistryEntry.parse(json('server.json'))
  expect(entry).toMatchObject({ name: source.mcpName, version: source.version })
  expect(entry.packages).toMatchObject([{ identifier: source.name, version: source.version }])
})

test('every manifest has the version of the command', () => {
  const versions = files.filter(({ text }) => text.includes('"version"')).map(({ path }) => path)
  expect(versions).toEqual([
    'plugins/claude/.claude-plugin/plugin.json',
    'plugins/codex/.codex-plugin/plugin.json',
    'plugins/gemini/gemini-extension.json',
    'server.json',
    'plugins/mcpb/manifest.json',
  ])
  for (const path of versions) expect(json(path)).toMatchObject({ version: source.version })
})

test('all commands of plugins are marked, so that they yield to setup, and none fetches a package', () => {
  for (const { path, text } of files.filter(({ path }) => /\/(\.mcp|gemini-extension|hooks)\.json$/.test(path))) {
    const commands = text.match(/"serve"[^\]]*\]|"command(Windows)?": ".* hook .*"/g) ?? []
    expect(commands, path).not.toHaveLength(0)
    for (const command of commands) expect(command, path).toContain('--plugin')
    expect(text, path).not.toContain('npx')
  }
})

test('the links of Cursor and VS Code have the entry that setup writes, with the command in PATH', () => {
  const [cursor = '', vscode = ''] = [...formatInstallLinks().matchAll(/\]\((.*)\)/g)].map(([, link]) => link)
  const query = new URL(cursor).searchParams
  const entry = { command: 'subagent-mcp', args: ['serve'] }
  expect(query.get('name')).toBe('subagent-mcp')
  expect(JSON.parse(Buffer.from(query.get('config') ?? '', 'base64').toString())).toEqual(entry)
  expect(JSON.parse(decodeURIComponent(vscode.replace('vscode:mcp/install?', '')))).toEqual({
    name: 'subagent-mcp',
    ...entry,
  })
})

function json(path: string): unknown {
  const value: unknown = JSON.parse(files.find((file) => file.path === path)?.text ?? '')
  return value
}
