import type {
  Driver,
  EffortTranslation,
  Failure,
  Model,
  CliModelList,
  CliStatus,
} from '@subagent-mcp/contract'

/** The abilities of drivers that tests make up: all but confining agents. */
export const testAbilities: Driver['abilities'] = {
  resume: true,
  fork: true,
  steer: true,
  approve: true,
  interrupt: true,
  reset: true,
  configure: true,
  rewind: true,
  toolChoice: true,
  maxTurns: true,
  ownMcpServers: true,
  confines: false,
  usage: true,
  costs: true,
}

/** Creates a driver that only lists these models. It refuses the effort `max`, and opens no sessions. */
export function listingDriver(id: string, models: readonly Model[], parts: Partial<Driver> = {}): Driver {
  const installed: CliStatus = {
    installed: true,
    executable: `/bin/${id}`,
    version: '1.2.3',
    signedIn: 'yes',
  }
  return {
    id,
    abilities: testAbilities,
    preflight: () => undefined,
    installation: () => `/bin/${id} 1.2.3`,
    probe: () => Promise.resolve(installed),
    models: () => Promise.resolve<CliModelList>({ type: 'listed', models }),
    effort: (effort): EffortTranslation =>
      effort === 'max' ? { type: 'refused', message: `${id} takes no max` } : { type: 'word', word: effort },
    open: () => Promise.reject(new Error('nothing is opened here')),
    ...parts,
  }
}

/** Creates the drivers of a machine on which Codex is not installed. */
export function testDrivers(): ReadonlyMap<string, Driver> {
  const opus: Model = { id: 'claude-opus-5-5', aliases: ['opus'], efforts: ['low', 'high'] }
  const flash: Model = { id: 'gemini-3.8-flash', aliases: ['flash'], efforts: [] }
  const noEffort: EffortTranslation = { type: 'none', note: 'gemini takes no effort' }
  return new Map([
    ['claude', listingDriver('claude', [opus])],
    ['codex', listingDriver('codex', [], { preflight: () => codexMissing })],
    ['gemini', listingDriver('gemini', [flash], { effort: () => noEffort })],
  ])
}

/** The failure of the Codex driver in `testDrivers`. */
export const codexMissing: Failure = {
  reason: 'not-installed',
  message: 'codex was not found',
  hint: 'install Codex: npm install -g @openai/codex',
}
