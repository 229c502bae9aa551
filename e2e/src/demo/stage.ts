import { startModelServer, temporaryHome } from '@subagent-mcp/testkit'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cliPathVariables } from '../cli-paths.js'
import { writeUserConfig } from '../user-config.js'
import { changeScript, changeTask, makeShop } from './change-scene.js'
import { endDaemons } from '../home-daemons.js'

/** The fixture of one run of the demo: the folder and environment of the server, and the prompts of the agents. */
export type DemoStage = {
  cwd: string
  environment: Record<string, string>
  prompts: Record<'poet' | 'counter' | 'critic' | 'mover' | 'sleeper' | 'followUp', string> & {
    rhymes: readonly string[]
  }
  /** Whether there is a repository with a fault, and a model that mends it at the second try. */
  hasShop?: true
  close(): Promise<void>
}

/** Creates a demo fixture without network, account or file of the user: the real CLIs on a scripted model. */
export async function offlineDemoStage(): Promise<DemoStage> {
  const model = await startModelServer()
  const home = temporaryHome({ modelUrl: model.url })
  const agents = agentsFolder()
  model.script([
    { match: 'claude is busy', to: 'anthropic', steps: [{ type: 'status', status: 529 }] },
    ...changeScript,
  ])
  makeShop(home.cwd)
  writeUserConfig(home.home, { permissions: { testCommands: { '*': [changeTask.command] } } })
  return {
    hasShop: true,
    cwd: home.cwd,
    environment: { ...home.environment, ...cliPathVariables, AGENTS_DIR: agents.path },
    prompts: {
      poet: 'Write two lines on pipes. [[delay: 300ms]] [[chunks: 12 x 60ms Bytes go in where bytes come out, a pipe is all the talk about.]]',
      counter: `Count the files here. [[say: I count them.]] [[tool: exec "text(await tools.exec_command({cmd:'ls | wc -l > count.txt',sandbox_permissions:'require_escalated',justification:'to keep the count'}))"]] [[say: I have counted them.]]`,
      critic: 'Judge the verse. [[say: It scans, and the pipe holds.]]',
      mover: 'Do it wherever there is room, as claude is busy. [[say: There was room here.]]',
      sleeper: 'Think for a very long time. [[say: Let me think.]] [[hang]]',
      followUp: 'What did I ask you first? [[recall]]',
      rhymes: ['A rhyme on pipe. [[say: ripe]]', 'What did I ask you first? [[recall]]'],
    },
    close: async () => {
      await endDaemons(home.home)
      await model.close()
      home.remove()
      agents.remove()
    },
  }
}

/** Creates a demo fixture with the user's own CLIs and accounts. */
export function liveDemoStage(): DemoStage {
  const agents = agentsFolder()
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return {
    cwd: process.cwd(),
    environment: { ...Object.fromEntries(own), AGENTS_DIR: agents.path },
    prompts: {
      poet: 'Write two lines of verse on pipes. No tools.',
      counter: 'In one sentence: what is a pipe, in Unix? No tools.',
      critic: 'In one sentence: what makes a verse good? No tools.',
      mover: 'Say in one word which company made you. No tools.',
      sleeper: 'Write the numbers from 1 to 5000 in words, one a line. No tools.',
      followUp: 'What did I ask you first? One sentence.',
      rhymes: ['A rhyme on pipe, one word.', 'What did I ask you first? One sentence.'],
    },
    close: () => {
      agents.remove()
      return Promise.resolve()
    },
  }
}

/** Creates a folder with one agent definition, outside of the user's project. */
function agentsFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'subagent-mcp-demo-'))
  writeFileSync(join(path, 'rhymer.md'), rhymer)
  return { path, remove: () => rmSync(path, { recursive: true }) }
}

const rhymer = `---
name: rhymer
description: Finds rhymes.
provider: claude
---
You find rhymes. Answer with one word.
`
