import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { describeCommands } from '../command/describe-command.js'
import { commands } from '../commands/commands.js'
import { useCliRuntime } from '../cli-runtime.test.support.js'
import type { CliCommandsHelp } from './commands-help.js'
import { renderShellCompletions, knownShells } from './completions.js'
import { renderHelp } from './render-help.js'

const theRuntime = useCliRuntime()

const all: CliCommandsHelp = {
  '': { description: 'All', commands: { ps: 'List', chat: "Send 'them'", logs: 'Print' } },
  ps: {
    description: 'List',
    details: ['Exits 0.'],
    examples: ['ps on --follow'],
    words: [{ typed: '[<state>]', description: 'What to do', choices: ['on', 'off'] }],
    flags: [
      { name: '--follow', short: '-f', description: 'Go on' },
      {
        name: '--level',
        value: 'low|high',
        choices: ['low', 'high'],
        description: 'How much of what there is',
      },
    ],
  },
  chat: { description: 'Send', default: 'send', commands: { send: 'Send one' } },
  'chat send': {
    description: 'Send one',
    words: [],
    flags: [{ name: '--to', value: '<name>', description: 'To whom' }],
  },
  logs: {
    description: 'Print',
    words: [{ typed: '<agent>', description: 'Of whom', names: 'agents' }],
    flags: [{ name: '--by', value: '<name>', description: 'By whom', names: 'providers' }],
  },
  'chat hidden': { description: 'Nobody sees it', words: [], flags: [] },
}

test('the help of a command, wrapped', () => {
  expect(renderHelp(all, 'ps', { columns: 56, isColoured: false }))
    .toBe(`Usage: subagent-mcp ps [<state>] [options]

List

Exits 0.

Arguments:
  [<state>]  What to do

Options:
  -f, --follow          Go on
      --level low|high  How much of what there is

Examples:
  subagent-mcp ps on --follow
`)
})

test('the help of a group has the flags of the command that runs without a name', () => {
  const text = renderHelp(all, 'chat', { columns: Infinity, isColoured: true })
  expect(text).toContain('subagent-mcp chat [options] (runs send)\n       subagent-mcp chat <command> ...\n')
  expect(text).toMatch(/--to <name> +To whom[^]*send +Send one[^]*chat <command> --help/)
  expect(text).toContain('\u001b[1mOptions:\u001b[22m')
})

test.each([
  [['--help'], /ps +List your agents/],
  [['help', 'chat', 'send'], /^Usage: subagent-mcp chat send <agent>/],
  [['chat', 'send', 'app', 'text', '-h'], /^Usage: subagent-mcp chat send <agent>/],
  [['agents', '--help'], /\(runs list\)[^]*--cwd/],
  [['--version'], /^0\.0\.0\n$/],
])('%j', async (words, says) => {
  const { code, stdout, stderr } = await theRuntime().run(words)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(says)
})

test.each([
  [
    ['pss', '--help'],
    "subagent-mcp: Unknown command 'pss': did you mean ps?\nhint: see subagent-mcp --help\n",
  ],
  [
    ['help', 'chat', 'snd'],
    "subagent-mcp: Unknown command 'snd': did you mean send?\nhint: see subagent-mcp chat --help\n",
  ],
  [
    ['completions', 'csh'],
    "subagent-mcp: <shell> 'csh' is not one of bash, zsh, fish, powershell\nhint: see subagent-mcp completions --help\n",
  ],
])('%j is wrong use', async (words, stderr) => {
  expect(await theRuntime().run(words)).toEqual({ code: 2, stdout: '', stderr })
})

test('what comes after -- is no question for help', async () => {
  expect(await theRuntime().run(['ps', '--', '--help'])).toMatchObject({ code: 2 })
})

test('help loads no command and no schema library', () => {
  const script = join(inject('cli'), 'bin/subagent-mcp.js')
  const peak = join(theRuntime().home, 'peak.cjs')
  writeFileSync(
    peak,
    'process.on("exit", () => process.stderr.write(String(process.resourceUsage().maxRSS)))',
  )
  const memory = (...args: string[]): number => {
    const command = `"$0" -r "$@" 2>&1 >/dev/null`
    return Number(
      execFileSync('/bin/sh', ['-c', command, process.execPath, peak, ...args], { encoding: 'utf8' }),
    )
  }
  expect(memory(script, 'worker', '--help')).toBeLessThan(1.25 * memory('-e', '0'))
})

test.each(knownShells)('completions of %s: what is hidden is left out', (shell) => {
  const script = renderShellCompletions(all, shell)
  expect(script).toContain('--follow'.slice(shell === 'fish' ? 2 : 0))
  expect(script).toContain(shell === 'powershell' ? "'low', 'high'" : 'low high')
  expect(script).toContain('subagent-mcp complete providers')
  expect(script).not.toContain('hidden')
})

test.each<[string[], string]>([
  [['p'], 'ps'],
  [[''], 'ps chat logs --help'],
  [['ps', '--f'], '--follow'],
  [['ps', 'o'], 'on off'],
  [['ps', '--level', ''], 'low high'],
  [['ps', '-f', '--level', 'h'], 'high'],
  [['chat', '--t'], '--to'],
  [['chat', 'send', '--t'], '--to'],
])('bash completes %j', (words, completed) => {
  const script = `${renderShellCompletions(all, 'bash')}
COMP_WORDS=(subagent-mcp "$@"); COMP_CWORD=$#; _subagent_mcp; echo "\${COMPREPLY[*]}"`
  const said = execFileSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' })
  expect(said.trim()).toBe(completed)
})

test('bash completes names that exist now', async () => {
  const { run, environment: env } = theRuntime()
  expect((await run(['agents', 'new', 'reviewer', '--user'])).code).toBe(0)
  const script = `subagent-mcp() { "${process.execPath}" "${join(inject('cli'), 'bin/subagent-mcp.js')}" "$@"; }
source <(subagent-mcp completions bash)
complete_words() { COMP_WORDS=(subagent-mcp "$@"); COMP_CWORD=$#; _subagent_mcp; echo "\${COMPREPLY[*]}"; }
complete_words invoke r; complete_words run --provider c; complete_words kill x; complete_words invoke --t`
  expect(execFileSync('bash', ['-c', script], { encoding: 'utf8', env })).toBe(
    'reviewer\nclaude codex\n\n--timeout\n',
  )
})

test('help shows the commands under headings, and none that only hosts run', async () => {
  const { stdout } = await theRuntime().run(['--help'])
  const headings = [...stdout.matchAll(/^([A-Z].*):$/gm)].map(([, title]) => title)
  expect(headings).toEqual([...Object.keys(commands.headings ?? {}), 'Examples'])
  expect(stdout).not.toMatch(/^ +(serve|hook|complete) /m)
})

test.each([40, 80, 200])(
  'at %s columns no line of help is longer, and no word is broken',
  async (columns) => {
    const described = await describeCommands(commands)
    for (const path of Object.keys(described)) {
      const text = renderHelp(described, path, { columns, isColoured: false })
      const [shown = '', shownExamples = ''] = text.split('\nExamples:\n')
      const long = `${shown}\n${shownExamples.split('\n\n').slice(1).join('\n')}`
        .split('\n')
        .filter((line) => line.length > columns && /\S \S/.test(line.trim()))
      expect(long, path).toEqual([])
      const words = (lines: string): string[] => lines.split(/\s+/)
      expect(words(text)).toEqual(words(renderHelp(described, path, { columns: 1000, isColoured: false })))
    }
  },
)

test('a bare group shows its own help', async () => {
  const { code, stdout } = await theRuntime().run(['chat'])
  expect({ code, first: stdout.split('\n')[0] }).toEqual({
    code: 2,
    first: 'Usage: subagent-mcp chat <command> ...',
  })
})
