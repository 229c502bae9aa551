import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { formatShellCommand, formatShellLine } from './shell-quote.js'

const words = ['plain-1.txt', 'two words', "it's", '$HOME `id` "x"', '\\', '', '-n', 'a\u001b[2J\nb\u009b']

test.skipIf(process.platform === 'win32')('a shell reads the very words', () => {
  const print = 'for (const word of process.argv.slice(1)) console.log(JSON.stringify(word))'
  const line = formatShellLine('/', [process.execPath, '-e', print, '--', ...words], 'linux')
  expect(line).toMatch(/^cd \/ && /)
  const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' }
  const said = execFileSync('bash', ['--norc', '-c', line], { encoding: 'utf8', env: environment })
  expect(
    said
      .trim()
      .split('\n')
      .map((word): unknown => JSON.parse(word)),
  ).toEqual(words)
})

test('it can be shown on a terminal', () => {
  expect(formatShellLine('/a\u001b', ['claude', '--resume', '1-2'], 'linux')).toBe(
    "cd $'/a\\u001b' && claude --resume 1-2",
  )
})

test('on Windows', () => {
  expect(formatShellCommand(['claude', 'a && b'], 'win32')).toBe('claude "a && b"')
  expect(formatShellLine('C:\\My App', ['claude', '--resume', '1'], 'win32')).toBe(
    'cd /d "C:\\My App" && claude --resume 1',
  )
})
