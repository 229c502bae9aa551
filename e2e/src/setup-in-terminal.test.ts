import { thorough } from '@subagent-mcp/testkit'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { claudePath, codexScriptPath } from './cli-paths.js'
import { openHostTerminal, type HostTerminal } from './host-terminal.js'
import { useHostStage } from './host-stage.js'
import { serverScript, startHost } from './mcp-host.js'
import { serverEnvironment, type EnvVariables } from './server-stage.js'

const stage = useHostStage()

/** Opens `subagent-mcp setup` in a project of git whose tests npm runs. */
function openSetup(variables: EnvVariables = {}): HostTerminal {
  const { home } = stage()
  mkdirSync(join(home.cwd, '.git'), { recursive: true })
  writeFileSync(join(home.cwd, 'package.json'), '{ "scripts": { "test": "vitest" } }\n')
  // The shell keeps the last screen until the test has read it.
  const line = ['sh', '-c', `'${process.execPath}' '${serverScript}' setup; echo "exit code $?"; exec cat`]
  return openHostTerminal({ line, cwd: home.cwd, environment: serverEnvironment(home, variables) })
}

/** Without Gemini's CLI, which needs most of a second to say its version. Its files are there, so that setup asks the same. */
const noGemini: EnvVariables = { SUBAGENT_MCP_GEMINI_PATH: undefined }

/** All files of the home but those of subagent-mcp, and those that the CLIs write as they are asked for their state. */
function userFiles(): Record<string, string> {
  const { home } = stage().home
  const paths = filesIn(home).filter((path) => /\.(json|toml|md)$/.test(path))
  const own = paths.filter(
    (path) => !/^\.(subagent-mcp|codex\/(log|sessions|skills|models_cache))/.test(relative(home, path)),
  )
  return Object.fromEntries(own.map((path) => [relative(home, path), readFileSync(path, 'utf8')]))
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat?.isDirectory() ? filesIn(path) : stat ? [path] : []
  })
}

const questions = [
  'Register subagent-mcp in Claude Code, Codex and Gemini CLI? [Y/n/d]',
  'Install the hooks? [Y/n]',
  'Show agents there? [Y/n]',
  'Wake idle sessions of Codex? [Y/n]',
  'Let agents run them in this project without asking? [Y/n]',
  'Write it? [Y/n/d]',
]

test(
  '[setup-asks] the whole conversation with real CLIs takes an Enter for each question, a second one none, and uninstall restores every byte',
  thorough,
  async () => {
    const first = openSetup(noGemini)
    try {
      await expect.poll(first.screen).toContain(questions[0])
      expect(first.screen()).toMatch(/✓ Claude Code {2}signed in/)
      const before = userFiles()
      first.press('\u0003')
      await expect.poll(first.screen).toContain('exit code 130')
      expect(first.screen()).toContain('nothing was written')
      expect(userFiles()).toEqual(before)
    } finally {
      await first.close()
    }
    const before = userFiles()
    const second = openSetup()
    try {
      for (const question of questions) {
        await expect.poll(second.screen).toContain(question)
        // Keys of the first moments count as typed for an earlier question, and are dropped.
        await expect
          .poll(() => {
            const isAsked = second.cursorLine().endsWith(question)
            if (isAsked) second.press('\r')
            return isAsked
          })
          .toBe(false)
      }
      await expect.poll(second.screen).toContain('exit code 0')
      expect(second.screen()).toMatch(/In Claude Code, say: ask \w+ to review my changes/)
      expect(second.screen()).toContain('uninstall undoes everything')
      expect(second.written()).toMatch(/✓\S* Gemini CLI/)
    } finally {
      await second.close()
    }
    expect(readFileSync(join(stage().home.cwd, 'AGENTS.md'), 'utf8')).toContain('BEGIN:subagent-mcp')
    const third = openSetup(noGemini)
    try {
      await expect.poll(third.screen).toContain('exit code 0')
      expect(third.screen()).not.toContain('[Y/n')
      expect(third.screen()).toContain('run its tests without asking')
    } finally {
      await third.close()
    }
    await stage().subagentMcp('uninstall', '--yes')
    expect(userFiles()).toEqual(before)
  },
)

test(
  '[short-path] with the PATH of a desktop program the setup is shown and completed by a prompt, and agents of CLIs under nvm answer',
  thorough,
  async () => {
    const { home } = stage()
    for (const [name, path] of [
      ['claude', claudePath],
      ['codex', codexScriptPath],
    ] as const) {
      const link = join(home.home, '.nvm/versions/node/v22.1.0/bin', name)
      mkdirSync(dirname(link), { recursive: true })
      symlinkSync(realpathSync(path), link)
    }
    const environment = serverEnvironment(home, {
      PATH: '/usr/bin:/bin',
      SUBAGENT_MCP_CLAUDE_PATH: undefined,
      SUBAGENT_MCP_CODEX_PATH: undefined,
      SUBAGENT_MCP_GEMINI_PATH: undefined,
    })
    const forms: string[] = []
    const host = await startHost({
      cwd: home.cwd,
      environment,
      args: ['serve'],
      user: async (message) => {
        forms.push(message)
        // An answer within a second counts as none of a person.
        await setTimeout(1_100)
        return { action: 'accept', content: { hosts: true, hooks: true, 'codex-wake': false } }
      },
    })
    try {
      const setup = async (): Promise<string> =>
        JSON.stringify((await host.client.getPrompt({ name: 'setup' })).messages)
      expect(await setup()).toMatch(/wrote \d of \d files/)
      expect(forms).toEqual([expect.stringMatching(/✓ Claude Code {2}signed in/)])
      expect(existsSync(join(home.home, '.claude.json'))).toBe(true)
      expect(await setup()).toContain('Claude Code, Codex and Gemini CLI learn by hooks')
      for (const provider of ['claude', 'codex']) {
        await host.call('launch_agent', {
          prompt: `[[say: I am ${provider}]]`,
          task_category: 'mechanical',
          provider,
        })
        expect((await host.call('wait')).text).toContain(`I am ${provider}`)
      }
    } finally {
      await host.close()
    }
  },
)
