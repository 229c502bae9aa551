import { installFakeClaude, type ModelServer, type TemporaryHome } from '@subagent-mcp/testkit'

/** Which program runs the Claude agents of a stage. Hosts are always real. */
export type StageAgents = 'real' | 'fake'

type Parts = { model: ModelServer; home: TemporaryHome }

/**
 * Lets Claude agents of a stage run the fake `claude`, which takes a tenth of the processor time. It is for tests of hosts, the
 * daemon and commands, which only need an agent that works, ends or asks. `release` of the model opens gates of the fake too.
 */
export function fakeAgents({ model, home }: Parts): Parts {
  const fake = installFakeClaude('well')
  return {
    model: {
      ...model,
      release: (gate) => {
        model.release(gate)
        fake.release(gate)
      },
    },
    home: {
      ...home,
      environment: { ...home.environment, SUBAGENT_MCP_CLAUDE_PATH: fake.executable },
      remove: () => {
        home.remove()
        fake.remove()
      },
    },
  }
}
