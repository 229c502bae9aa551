import type { Driver, SessionSpec } from '@subagent-mcp/contract'
import {
  driveSession,
  installFakeAcp,
  useWatchdog,
  type DrivenSession,
  type Fake,
  type FakeAcpBehaviour,
} from '@subagent-mcp/testkit'
import { tmpdir } from 'node:os'
import { afterEach } from 'vitest'
import { createAcpProfile } from './agent-config.js'
import { createAcpDriver, type AcpDriverOptions } from './driver.js'
import { geminiProfile } from './gemini/gemini-profile.js'
import type { AcpProfile } from './profile.js'

type Options = Partial<AcpDriverOptions>

/** Fake agents for the tests of one file. */
export type FakeAgents = {
  /** Creates a driver with a fake ACP agent of this behaviour, and a session spec for it. */
  start(behaviour: FakeAcpBehaviour, options?: Options): { driver: Driver; spec: SessionSpec }
  opened(
    behaviour: FakeAcpBehaviour,
    options?: Options & { spec?: Partial<SessionSpec> },
  ): Promise<DrivenSession>
}

/** Creates fake ACP agents for the tests of one file, and removes them after each test. */
export function fakeAgents(): FakeAgents {
  const watchdog = useWatchdog()
  let fakes: Fake[] = []
  afterEach(() => {
    for (const fake of fakes) fake.remove()
    fakes = []
  })
  const start: FakeAgents['start'] = (behaviour, options = {}) => {
    const fake = installFakeAcp(behaviour)
    fakes.push(fake)
    const driver = createAcpDriver({ watchdog: watchdog(), profile: fakeAgentProfile, ...options })
    const environment = { PATH: '/usr/bin:/bin', HOME: tmpdir(), FAKE_PATH: fake.executable }
    return { driver, spec: { cwd: tmpdir(), environment, mcp: 'none' } }
  }
  return {
    start,
    opened: (behaviour, { spec: more = {}, ...options } = {}) => {
      const { driver, spec } = start(behaviour, options)
      return driveSession(driver, { ...spec, ...more })
    },
  }
}

/** The ACP profile of fake agents, which leave no files in the home of a test. */
export const fakeAgentProfile: AcpProfile = {
  ...createAcpProfile({ id: 'fake', command: 'fake', args: [], env: {} }),
  executableVariable: 'FAKE_PATH',
  signedIn: () => 'yes',
}

/** The same with the models and modes of Gemini CLI. */
export const geminiLikeProfile: AcpProfile = {
  ...fakeAgentProfile,
  defaultModel: 'pro',
  families: geminiProfile.families,
  modes: geminiProfile.modes,
}

/** Prompts for a fake ACP agent, named after the answer that they cause. */
export const fakePrompts = {
  plain: '[[say: four]]',
  hanging: '[[say: begun]] [[hang]]',
  asking: '[[say: let me]] [[tool: shell {"command":"touch asked"}]] [[say: went on]]',
}
