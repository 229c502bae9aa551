import { startModelServer, temporaryHome } from '@subagent-mcp/testkit'
import { claudePath } from '../cli-paths.js'

/** Where the demo plays: what the server's environment is, and what the agents are asked. */
export type Stage = {
  cwd: string
  environment: Record<string, string>
  prompts: { poet: string; counter: string; sleeper: string; followUp: string }
  clear(): Promise<void>
}

/** The real claude on a scripted model: no network, no account, nothing of the user's. */
export async function offlineStage(): Promise<Stage> {
  const model = await startModelServer()
  const home = temporaryHome({ modelUrl: model.url })
  return {
    cwd: home.cwd,
    environment: { ...home.environment, SUBAGENT_MCP_CLAUDE_PATH: claudePath },
    prompts: {
      poet: 'Write two lines on pipes. [[delay: 300ms]] [[chunks: 12 x 60ms Bytes go in where bytes come out, a pipe is all the talk about.]]',
      counter: `Count the files here. [[say: I count them.]] [[tool: Bash {"command":"ls | wc -l > count.txt","description":"count the files"}]] [[say: There are 3 files.]]`,
      sleeper: 'Think for a very long time. [[say: Let me think.]] [[hang]]',
      followUp: 'What did I ask you first? [[recall]]',
    },
    clear: async () => {
      await model.close()
      home.remove()
    },
  }
}

/** The user's own claude and account. */
export function liveStage(): Stage {
  return {
    cwd: process.cwd(),
    environment: Object.fromEntries(
      Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    prompts: {
      poet: 'Write two lines of verse on pipes. No tools.',
      counter: 'In one sentence: what is a pipe, in Unix? No tools.',
      sleeper: 'Write the numbers from 1 to 5000 in words, one a line. No tools.',
      followUp: 'What did I ask you first? One sentence.',
    },
    clear: () => Promise.resolve(),
  }
}
