import { thorough } from '@subagent-mcp/testkit'
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { testEachCli, type Provider } from './each-provider.js'
import { daemonClient } from './home-daemons.js'
import { pinnedClaude } from './mcp-host.js'
import { isSoak } from './rounds.js'
import { useServerStage } from './server-stage.js'
import { shellCall } from './shell-step.js'

// Gemini works in the soak alone. Doctor would start it.
const stage = useServerStage(isSoak ? {} : { SUBAGENT_MCP_GEMINI_PATH: undefined }, 'configured')

const lines = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

/** The user's file with other words in some of its lines. */
function fileWith(changes: Readonly<Record<number, string>> = {}): string {
  return `${lines.map((line, index) => changes[index] ?? line).join('\n')}\n`
}

const path = (name: string): string => join(stage().home.cwd, name)
const marks = (): string => join(stage().home.home, 'marks')

/** Makes the project a repository with an uncommitted change, and with hooks and a filter that leave marks when git runs them. */
function makeRepository(): void {
  const { cwd } = stage().home
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], { cwd })
  git('init', '--quiet')
  writeFileSync(path('count.txt'), fileWith())
  writeFileSync(path('old.txt'), 'old\n')
  git('add', '.')
  git('commit', '--quiet', '--message', 'Numbers')
  writeFileSync(path('count.txt'), fileWith({ 0: 'ONE' }))
  writeFileSync(path('new.txt'), 'not added\n')
  writeFileSync(path('.gitattributes'), '*.txt filter=mark\n')
  const mark = `echo "$0" >> '${marks()}'`
  for (const side of ['clean', 'smudge'])
    git('config', `filter.mark.${side}`, `sh -c '${mark.replaceAll("'", '"')}; cat'`)
  git('config', 'core.fsmonitor', path('.git/hooks/post-checkout'))
  for (const hook of ['post-checkout', 'post-index-change', 'pre-commit', 'reference-transaction']) {
    writeFileSync(path(`.git/hooks/${hook}`), `#!/bin/sh\n${mark}\n`)
    chmodSync(path(`.git/hooks/${hook}`), 0o755)
  }
}

/**
 * The content, mode and time of change of every file of the checkout, those of `.git` included. When git finds an object that it
 * would write, it changes the time of that object, so these times are left out.
 */
function checkout(folder = stage().home.cwd): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = join(folder, entry.name)
    if (entry.isDirectory()) return checkout(file)
    const { mode, mtimeMs } = statSync(file)
    const time = file.includes('.git/objects/') ? '' : mtimeMs
    return [`${file} ${mode} ${time} ${readFileSync(file).toString('base64')}`]
  })
}

/** Launches an agent in a worktree that may do all, waits for it, and returns its id and the answer of the wait. */
async function work(provider: Provider, line: string): Promise<{ id: string; text: string }> {
  const route = provider === 'claude' ? pinnedClaude : { provider }
  const more = { ...route, permissions: 'full-auto', isolation: 'worktree' }
  const id = await stage().launch(`${shellCall(provider, line)} [[say: done]]`, more)
  return { id, text: await untilDone(id) }
}

async function untilDone(id: string): Promise<string> {
  return (await stage().host.call('wait', { agent_ids: [id] })).text
}

const edit =
  "sed -i.bak 's/nine/NINE/' count.txt && rm count.txt.bak old.txt && mkdir lib && echo hi > lib/added.txt"

beforeEach(async () => {
  await stage().configure({ ceiling: 'full-auto' })
  makeRepository()
})

testEachCli(
  '[worktree] %s edits in a copy: the checkout is untouched byte for byte until apply, which merges with what changed there',
  { locally: ['claude'], inSoak: ['gemini'] },
  async (provider) => {
    const before = checkout()
    const { id, text } = await work(provider, edit)
    expect(text).toContain('changed: 3 files +2 -2; next: changes')
    const { text: shown } = await stage().host.call('changes', { agent_id: id })
    expect(shown).toContain('-nine\n+NINE')
    expect(shown).not.toContain('+ONE')
    expect(checkout()).toEqual(before)

    writeFileSync(path('count.txt'), fileWith({ 0: 'first' }))
    const { text: applied } = await stage().host.call('changes', { agent_id: id, action: 'apply' })
    expect(applied).toContain('modified count.txt +1 -1')
    expect(applied).toContain('merged with what changed')
    expect(readFileSync(path('count.txt'), 'utf8')).toBe(fileWith({ 0: 'first', 8: 'NINE' }))
    expect(readFileSync(path('lib/added.txt'), 'utf8')).toBe('hi\n')
    expect(existsSync(path('old.txt'))).toBe(false)
    expect(existsSync(marks())).toBe(false)
    expect((await stage().host.call('changes', { agent_id: id })).text).toContain(
      'no changes that are not applied',
    )

    // A message goes on in the same copy, and only what is new is applied.
    const message = `${shellCall(provider, 'echo more >> lib/added.txt')} [[say: done]]`
    await stage().host.call('send_message', { agent_id: id, message })
    expect(await untilDone(id)).toContain('changed: 1 file +1 -0')
    const again = await stage().subagentMcp('changes', id, '--apply')
    expect(again).toBe('applied, merged with what you changed meanwhile:\nmodified  lib/added.txt  +1 -0')
    expect(readFileSync(path('lib/added.txt'), 'utf8')).toBe('hi\nmore\n')
  },
)

test(
  '[worktree] a conflict is refused whole, a branch has it all, and discard ends the agent',
  thorough,
  async () => {
    // The filter would be needed for a commit, and is not run.
    writeFileSync(path('.gitattributes'), '')
    const { id } = await work('claude', edit)
    writeFileSync(path('count.txt'), fileWith({ 8: 'last' }))
    const before = checkout()
    const refused = await stage().host.call('changes', { agent_id: id, action: 'apply' })
    expect(refused).toMatchObject({ isError: true })
    expect(refused.text).toContain('nothing was changed, 1 in conflict:\ncount.txt: ')
    expect(checkout()).toEqual(before)

    const branched = await stage().host.call('changes', { agent_id: id, action: 'branch', name: 'numbers' })
    expect(branched.text).toContain('branch numbers has the changes')
    const delivered = execFileSync('git', ['show', 'numbers:lib/added.txt'], { cwd: stage().home.cwd })
    expect(String(delivered)).toBe('hi\n')
    expect(existsSync(marks())).toBe(false)
    expect(readFileSync(path('count.txt'), 'utf8')).toBe(fileWith({ 8: 'last' }))

    await stage().host.call('changes', { agent_id: id, action: 'discard' })
    const { text } = await stage().host.call('send_message', { agent_id: id, message: 'go on' })
    expect(text).toMatch(/^agent-dead/)
    expect(await stage().subagentMcp('worktrees', '--json')).toBe('[]')
  },
)

test(
  '[worktree] the work of an agent whose daemon is killed in its turn is kept, with its agent and without it',
  thorough,
  async () => {
    const { home } = stage().home
    const more = { ...pinnedClaude, permissions: 'full-auto', isolation: 'worktree' }
    const id = await stage().launch(`${shellCall('claude', edit)} [[gate: never]] [[say: done]]`, more)
    const folder = join(home, '.subagent-worktrees', id)
    await expect.poll(() => filesBelow(folder).some((file) => file.endsWith('lib/added.txt'))).toBe(true)
    process.kill((await daemonClient(home).health()).pid, 'SIGKILL')
    stage().model.release('never')

    await expect
      .poll(() =>
        stage()
          .host.call('list_agents')
          .then(() => 'answered', String),
      )
      .toBe('answered')
    expect((await stage().host.call('changes', { agent_id: id })).text).toContain('-nine\n+NINE')
    await stage().subagentMcp('kill', id)
    await stage().subagentMcp('prune', '--all', '--yes')
    expect(await stage().subagentMcp('worktrees')).toContain(id)
    expect(await stage().subagentMcp('doctor').catch(String)).toContain(`${id} (3 files`)
    const left = await stage().subagentMcp('uninstall', '--purge', '--yes')
    expect(left).toContain('~/.subagent-worktrees stays: 1 worktree of agents, 1 with changes')
    await stage().subagentMcp('changes', id, '--apply')
    expect(readFileSync(path('lib/added.txt'), 'utf8')).toBe('hi\n')
    expect(existsSync(marks())).toBe(false)
  },
)

test(
  '[worktree] an agent in its copy may not write to the checkout, nor may a host apply what only a person may',
  thorough,
  async () => {
    await stage().configure({ ceiling: 'accept-edits' })
    const more = { ...pinnedClaude, permissions: 'accept-edits', isolation: 'worktree' }
    const write = (file: string): string =>
      `[[tool: Write ${JSON.stringify({ file_path: file, content: 'x\n' })}]]`
    const id = await stage().launch(`${write(path('stolen.txt'))} [[say: done]]`, more)
    expect(await untilDone(id)).toContain('asks permission')
    await stage().host.call('respond_permission', { agent_id: id, decision: 'deny' })
    await untilDone(id)
    expect(existsSync(path('stolen.txt'))).toBe(false)

    const { folder } = await daemonClient(stage().home.home).changes(id)
    mkdirSync(join(folder, '.vscode'))
    appendFileSync(join(folder, '.vscode/tasks.json'), '{}\n')
    const { text } = await stage().host.call('changes', { agent_id: id, action: 'apply' })
    expect(text).toMatch(/^needs-person: .*tasks\.json/)
    expect(text).toContain(`subagent-mcp changes ${id} --apply`)
    expect(existsSync(path('.vscode'))).toBe(false)
    await stage().subagentMcp('changes', id, '--apply')
    expect(existsSync(path('.vscode/tasks.json'))).toBe(true)
  },
)

function filesBelow(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : []
}

test(
  '[undo] what an agent changed in the checkout itself is taken back, and what the user edited meanwhile stays',
  thorough,
  async () => {
    const more = { ...pinnedClaude, permissions: 'full-auto' }
    const before = checkout()
    const line = "sed -i 's/nine/NINE/' count.txt && rm old.txt && mkdir lib && echo hi > lib/added.txt"
    const id = await stage().launch(`${shellCall('claude', line)} [[say: done]]`, more)
    await untilDone(id)
    const { text: shown } = await stage().host.call('changes', { agent_id: id })
    expect(shown).toContain('-nine\n+NINE')
    expect(shown).not.toContain('+ONE')
    expect(existsSync(marks())).toBe(false)
    const refused = await stage().host.call('changes', { agent_id: id, action: 'apply' })
    expect(refused.text).toContain('has no worktree')

    writeFileSync(path('user.txt'), 'user\n')
    const message = `${shellCall('claude', 'echo two > second.txt')} [[say: done]]`
    await stage().host.call('send_message', { agent_id: id, message })
    await untilDone(id)
    const { files } = await daemonClient(stage().home.home).changes(id)
    const changed = ['count.txt', 'lib/added.txt', 'old.txt', 'second.txt']
    expect(files.map(({ path: name }) => name)).toEqual(changed)

    writeFileSync(path('count.txt'), fileWith({ 0: 'first', 8: 'NINE' }))
    expect(await stage().subagentMcp('changes', id, '--undo')).toContain('in your checkout is taken back')
    expect(readFileSync(path('count.txt'), 'utf8')).toBe(fileWith({ 0: 'first' }))
    expect(readFileSync(path('old.txt'), 'utf8')).toBe('old\n')
    expect(['lib', 'second.txt', 'user.txt'].map((name) => existsSync(path(name)))).toEqual([
      false,
      false,
      true,
    ])
    const unchanged = (lines: readonly string[]) => lines.filter((one) => one.includes('.git/'))
    expect(unchanged(checkout())).toEqual(unchanged(before))
  },
)
