import { expect, test } from 'vitest'
import { formatToolCallOnOneLine } from './format-tool-call.js'

const words = (tool: string, input?: unknown): string => formatToolCallOnOneLine({ tool, input }, '/p')
const inFolder = (text: string) => [{ content: { text, type: 'text' }, type: 'content' }]

test.each([
  ['Bash', { command: 'rm -rf "a b"', description: 'List files' }, 'Bash: rm -rf "a b"'],
  ['Bash', { command: 'ls', timeout: 5000, reason: 'a' }, 'Bash (timeout: 5000, reason: a): ls'],
  ['Bash', { command: 'ls', dangerouslyDisableSandbox: true }, 'Bash (dangerouslyDisableSandbox: true): ls'],
  ['exec_command', { command: "bash -lc 'ls'", cwd: '/p', reason: null }, "exec_command: bash -lc 'ls'"],
  ['exec_command', { command: 'ls', cwd: '/q' }, 'exec_command (cwd: /q): ls'],
  ['exec_command', { command: 'ls', network: { host: 'a.b' } }, 'exec_command (network.host: a.b): ls'],
  ['execute', { title: 'touch x', content: inFolder('[current working directory /p]') }, 'execute: touch x'],
  [
    'execute',
    { title: 'touch x', content: inFolder('[in /q]') },
    'execute (content.0.content.text: "[in /q]", content.0.content.type: text, content.0.type: content): touch x',
  ],
])('a shell command of %s stands last and as it was written: %j', (tool, input, expected) => {
  expect(words(tool, input)).toBe(expected)
})

test.each([
  [
    'WebFetch',
    { url: 'https://a.b/c', prompt: 'read it' },
    'WebFetch url: "https://a.b/c", prompt: "read it"',
  ],
  [
    'Edit',
    { file_path: 'a/b.ts', old_string: '', new: 'x' },
    'Edit file_path: a/b.ts, old_string: "", new: x',
  ],
  ['mcp__a__b', { list: ['x', 2], none: {}, no: null }, 'mcp__a__b list.0: x, list.1: 2, none: {}, no: null'],
  ['mcp__a__b', {}, 'mcp__a__b'],
  ['mcp__a__b', undefined, 'mcp__a__b'],
])('each field of %s is named: %j', (tool, input, expected) => {
  expect(words(tool, input)).toBe(expected)
})

test.each([
  ['a value that looks like another field', 'm', { a: 'x, b: y' }, 'm a: "x, b: y"'],
  ['a name that looks like a field', 'm', { 'a: x, b': 'y' }, 'm "a: x, b": y'],
  ['a tool that looks like a command', 'Bash: ls', {}, '"Bash: ls"'],
  ['a field that closes the bracket', 'Bash', { command: 'rm x', z: 'a): ls' }, 'Bash (z: "a): ls"): rm x'],
  ['a command that is no text', 'Bash', { command: ['rm', 'x'] }, 'Bash command.0: rm, command.1: x'],
  ['a name with a dot', 'm', { 'a.b': true, c: 'true', d: '5' }, 'm "a.b": true, c: "true", d: "5"'],
  ['a text that is a bare list', 'm', ['x'], 'm 0: x'],
  ['a text alone', 'm', 'x: y', 'm "x: y"'],
  ['a list alone', 'm', [], 'm []'],
  ['a title without a command', 'execute', { title: 'ls' }, 'execute title: ls'],
  [
    'a title beside a command of its own',
    'execute',
    { title: 'ls', rawInput: { command: 'rm x' } },
    'execute title: ls, rawInput.command: "rm x"',
  ],
])('%s shows what it is', (_, tool, input, expected) => {
  expect(words(tool, input)).toBe(expected)
})
