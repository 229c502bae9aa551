import { expect, test } from 'vitest'
import { findCommand } from '../command/command-tree.js'
import { commands } from './commands.js'

async function read(line: readonly string[]): Promise<object> {
  const { load, rest } = findCommand(commands, line)
  return (await load()).read(rest)
}

/** Lines whose words differ from what another command makes of such flags: what is common has its test in `command/`. */
const rows: [line: string[], args: object][] = [
  [['prune'], { olderThan: 604_800, all: false, yes: false, json: false }],
  [['fleet', 'up'], { file: 'workers.yaml', json: false }],
  [['mode'], { state: 'status', all: false, json: false }],
  [['mode', 'on', '--expire', '90m'], { state: 'on', expire: 5400, all: false, json: false }],
  [['permissions', 'log'], { limit: 100, json: false }],
  [
    ['publish', 'ci.build', 'it', 'broke'],
    { topic: 'ci.build', text: 'it broke', severity: 'info', everywhere: false, json: false },
  ],
  [['routes', '--explain', 'coding'], { explain: 'coding', json: false }],
  [
    ['update', '--after', '1.0.0', '--run', 'r'],
    { check: false, dryRun: false, after: '1.0.0', run: 'r', json: false },
  ],
  [
    ['setup', '--host', 'claude,codex', '--no-hooks', '-y'],
    {
      host: ['claude', 'codex'],
      scope: 'user',
      noHooks: true,
      noTrust: false,
      suppressNative: false,
      dryRun: false,
      yes: true,
      json: false,
    },
  ],
  [['workers', 'logs', 'api', '-f'], { name: 'api', follow: true, lines: 50, json: false }],
]
test.each(rows)('%j', async (line, args) => {
  expect(await read(line)).toEqual(args)
})

const wrong: [line: string, says: string][] = [
  ['run', '<prompt> is missing'],
  ['run fix it', "unexpected argument 'it'"],
  ['run x --category cooking', '--category takes one of math_proof, '],
  ['run x --model opus', '--model needs --provider'],
  ['run x --provider claude --effort high', '--effort needs --model'],
  ['run x --prefer codex --provider codex', '--prefer cannot be combined with --provider'],
  [
    'run x --agent a --permissions ask',
    "--agent cannot be combined with --permissions: the agent's definition sets it",
  ],
  [
    'run x --permissions all',
    "--permissions takes one of read-only, ask, accept-edits, full-auto, not 'all'",
  ],
  [`run x --name ${'x'.repeat(81)}`, '--name has 81 characters, at most 80'],
  ['invoke a x --timeout 0', '--timeout takes a time above 0 and up to 7d'],
  ['invoke a x --timeout 8d', '--timeout takes a time above 0 and up to 7d'],
  ['kill', '<agents> or --all is missing'],
  ['kill --all a', '--all cannot be combined with <agents>'],
  ['send a', '<text> is missing'],
  ['chat inbox --limit 1001', "--limit takes a whole number from 1 to 1000, not '1001'"],
  ['chat dead --limit 2 --revive m1', '--revive cannot be combined with --limit'],
  ['chat dead app --revive m1', '--revive cannot be combined with <agent>'],
  ['publish ci --severity bad', "--severity takes one of info, low, medium, high, critical, not 'bad'"],
  ['permissions log --limit 1e2', "--limit takes a whole number from 1 to 1000, not '1e2'"],
  ['routes coding --explain debugging', '--explain cannot be combined with <category>'],
  ['mode maybe', "<state> takes one of on, off, status, not 'maybe'"],
  ['mode on --expire 366d', '--expire takes a time above 0 and up to 365d'],
  ['mode off --expire 1h', '--expire needs on'],
  ['mode on --all', '--all needs status'],
  ['mode --all --project /p', '--all cannot be combined with --project'],
  ['setup --host claude,emacs', 'claude-desktop'],
  ['setup --host=', '--host is empty'],
  ['setup --json', '--json needs --yes or --dry-run'],
  ['uninstall --json', '--json needs --yes or --dry-run'],
  ['init', '--root or --global is missing'],
  ['init --global --files a.md', '--global cannot be combined with --files'],
  ['init --root . --files a,,b', "--files takes files below the root, not ''"],
  ['init --root . --files a/../../x', "--files takes files below the root, not 'a/../../x'"],
  ['init --root . --files /etc/x', "--files takes files below the root, not '/etc/x'"],
  ['init --root . --files a.md,package.json', "outside of .git, not 'package.json'"],
  ['init --root . --files .git/a.md', "outside of .git, not '.git/a.md'"],
  ['service install --print --json', '--print cannot be combined with --json'],
  ['update --check --dry-run', '--check cannot be combined with --dry-run'],
  ['update --run r', '--run needs --after'],
  ['worker --name My', "--name 'My' is no name: take 'my'"],
  ['worker --agent a --provider claude', '--agent cannot be combined with --provider'],
  ['worker --prefer codex --agent a', '--prefer cannot be combined with --agent'],
  ['worker --agent a --permission-mode bypassPermissions', 'cannot be combined with --agent'],
  ['worker --permission-mode plan', '--permission-mode cannot be plan: '],
  ['worker --poll-ms 99', '--poll-ms takes a whole number from 100 to 3600000'],
  ['worker --replicas 101', '--replicas takes a whole number from 1 to 100'],
  ['worker --budget-usd 0', "--budget-usd takes an amount above 0, as 2.50, not '0'"],
  ['worker --budget-tokens 1.5', '--budget-tokens takes a whole number'],
  ['workers logs api --lines 0', '--lines takes a whole number'],
  ['workers stop', '<name> or --all is missing'],
  ['workers stop api --all', '--all cannot be combined with <name>'],
]
test.each(wrong)('%s', async (line, says) => {
  await expect(read(line.split(' '))).rejects.toThrow(says)
})
