import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { testEachCli } from './each-provider.js'
import { daemonMail } from './daemon-mail.js'
import { useWorkerStage } from './worker-stage.js'

const stage = useWorkerStage()

const words = {
  claude: ['--provider', 'claude', '--model', 'sonnet'],
  codex: ['--provider', 'codex', '--model', 'gpt'],
  gemini: ['--provider', 'gemini', '--model', 'flash'],
} as const

testEachCli(
  '[worker-denied] %s does not replace a file name in a message by the content of the file',
  { locally: [] },
  async (provider) => {
    const { model, machine } = stage()
    const { home, folder, start } = machine()
    const { ask } = daemonMail(home)
    const outside = join(home, 'outside', 'key.txt')
    mkdirSync(join(home, 'outside'))
    for (const path of [join(folder, 'key.txt'), outside]) writeFileSync(path, 'HELIOTROPE\n')
    await start(words[provider])
    for (const text of ['@key.txt [[say: one]]', `[[say: two]] in @${outside}, @"${outside}"。@${outside}`])
      expect(await ask(text)).toHaveLength(1)
    expect(model.requests.map(({ bodyText }) => bodyText).join()).not.toContain('HELIOTROPE')
  },
)
