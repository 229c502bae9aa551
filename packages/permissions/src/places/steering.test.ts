import { afterAll, expect, test } from 'vitest'
import { parseToolCall } from '../call/parse-tool-call.js'
import { decideToolCall, type PermissionPolicy } from '../rules/preset.js'
import { project } from '../project.test.support.js'
import { noPermissionRules } from '../rules/rule.js'
import { createExampleFileNames } from './file-name-patterns.js'
import kinds from './steering-files.json' with { type: 'json' }

const { place, remove } = project()
afterAll(remove)

const verdict = (
  provider: string,
  tool: string,
  input: unknown,
  preset: PermissionPolicy['preset'] = 'ask',
) =>
  decideToolCall(
    { preset, rules: noPermissionRules, testCommands: [] },
    parseToolCall(provider, { tool, input }, place),
    place,
  ).verdict

/** Returns the same edit of a file as each CLI's tool calls make it. */
const edits = (path: string): readonly (readonly [string, string, unknown])[] => [
  ['claude', 'Edit', { file_path: path }],
  ['claude', 'Write', { file_path: path }],
  ['codex', 'apply_patch', { changes: [{ path, kind: { type: 'add' } }] }],
  ['codex', 'apply_patch', { changes: [{ path: 'a', kind: { type: 'update', move_path: path } }] }],
  ['codex', 'exec_command', { command: `echo x > '${path}'` }],
  ['gemini', 'replace', { paths: [path] }],
  ['opencode', 'edit', { rawInput: { file_path: path } }],
  ['claude', 'Bash', { command: `echo x >> '${path}'` }],
  ['claude', 'Bash', { command: `cat a > ./src/../'${path}'` }],
]

const files = kinds.flatMap(({ files }) => files.flatMap(createExampleFileNames))

test('an edit of each is asked for, at any depth, and a folder may not be moved there', () => {
  for (const name of files) {
    const path = name.endsWith('/') ? `${name}a/b` : name
    expect([path, verdict('claude', 'Write', { file_path: path })]).toEqual([path, 'ask'])
    expect([path, verdict('claude', 'Edit', { file_path: `packages/a/${path}` })]).toEqual([path, 'ask'])
    expect([path, verdict('claude', 'Bash', { command: `mv src '${name}'` }, 'accept-edits')]).toEqual([
      path,
      'ask',
    ])
  }
})

const attacks = [
  ...[
    '.cursor/mcp.json',
    'opencode.json',
    '.opencode/plugin/a.ts',
    '.zed/tasks.json',
    '.windsurf/mcp.json',
    '.github/workflows/a.yml',
    '.yarnrc.yml',
  ],
  ...[
    '.pnpmfile.cjs',
    '.devcontainer/devcontainer.json',
    '.pre-commit-config.yaml',
    '.cargo/config.toml',
    '.qwen/settings.json',
    '.kiro/hooks/a',
  ],
  ...[
    '.roo/mcp.json',
    '.continue/config.yaml',
    '.husky/pre-commit',
    'lefthook.yml',
    '.vscode/tasks.json',
    '.idea/workspace.xml',
    '.gitlab-ci.yml',
    '.envrc',
    'mise.toml',
    '.tool-versions',
  ],
]
test.each(attacks)('an edit of %s is asked for, by whatever tool', (path) => {
  for (const [provider, tool, input] of edits(path)) {
    expect([tool, verdict(provider, tool, input)]).toEqual([tool, 'ask'])
    expect([tool, verdict(provider, tool, input, 'read-only')]).toEqual([tool, 'deny'])
  }
})

const otherSpellings = [
  ...[
    '.cursor/mcp.json',
    '.CURSOR/mcp.json',
    '.cursor./mcp.json',
    '.git /config',
    'GIT~1/config',
    '.g\u200Cit/config',
    '.vscode::$DATA/a',
  ],
  ...[
    '.github/workflows/a.yml',
    '.github/actions/a/action.yml',
    '.github/copilot-instructions.md',
    'src/.envrc',
    './x/../.zed/tasks.json',
  ],
]
test.each(otherSpellings)('an edit of %s is asked for', (path) => {
  expect(verdict('claude', 'Write', { file_path: path })).toBe('ask')
})

const own = [
  ...[
    'src/index.ts',
    'package.json',
    'Makefile',
    'justfile',
    'Dockerfile',
    'docker-compose.yml',
    'vite.config.ts',
    'eslint.config.js',
    'tsconfig.json',
  ],
  ...[
    'README.md',
    'AGENTS.md',
    'CLAUDE.md',
    'docs/github.md',
    '.gitignore',
    '.editorconfig',
    '.prettierrc',
    '.nvmrc',
    'Cargo.toml',
    'pyproject.toml',
  ],
  ...[
    'src/git/config.ts',
    'src/vscode/a.ts',
    'cursor/a.ts',
    'headers/HEADER',
    'src/mise.ts',
    'github/a',
    'build.gradle',
    'pom.xml',
    'conftest.py',
    '.dockerignore',
  ],
]
test.each(own)('an edit of %s is not', (path) => {
  for (const [provider, tool, input] of edits(path))
    expect([tool, verdict(provider, tool, input)]).toEqual([tool, 'allow'])
})

test.each([
  'cd .github && ls',
  'cat .github/workflows/a.yml',
  'cd .vscode && git log -3',
  'cat .devcontainer.json',
])('%s only reads it', (command) => {
  expect(verdict('claude', 'Bash', { command }, 'read-only')).toBe('allow')
})
