import { thorough } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { openRounds, randomNumbers, victims, type HostRoute } from './host-rounds.js'
import { useHostStage } from './host-stage.js'
import { isSoak, printCounts, roundCount } from './rounds.js'

const stage = useHostStage()

/** Decides whom the rounds kill and when. A soak can be repeated; short runs differ, and print their seed. */
const firstSeed = isSoak ? 20 : Date.now() % 100_000

const routes: readonly (HostRoute & { name: string; seed: number })[] = [
  { name: 'MCP tasks', seed: firstSeed, variables: {}, waits: true },
  { name: 'hooks', seed: firstSeed + 1, variables: { CLAUDE_CODE_DISABLE_MCP_TASKS: '1' }, waits: false },
]

/** A short run plays one of the two, which the seed decides: other tests kill the host and the daemon on both. */
const playedRoutes = isSoak ? routes : routes.filter((_, index) => index === firstSeed % routes.length)

/** After so many rounds the next ones have a conversation of their own. */
const roundsOfHost = 10

test.for(playedRoutes)(
  '[none-lost] whichever process is killed at a random moment, each report reaches Claude, and one that may come twice is marked: $name',
  thorough,
  async ({ name, seed, ...route }) => {
    const random = randomNumbers(seed)
    const counts = {
      rounds: 0,
      launched: 0,
      lost: 0,
      repeats: 0,
      'unmarked repeats': 0,
      'after a prompt': 0,
      seed,
    }
    await stage().subagentMcp('daemon', 'start')
    const rounds = openRounds(stage(), route, random)
    try {
      for (let round = 0; round < roundCount(2, 100); round += 1) {
        const victim = victims[Math.floor(random() * victims.length)] ?? 'host'
        const { launched, lost, repeats, unmarked, isTyped } = await rounds.play(round, victim)
        expect({ round, victim, lost, unmarked }).toEqual({ round, victim, lost: [], unmarked: [] })
        counts.rounds += 1
        counts.launched += launched
        counts.repeats += repeats
        if (isTyped) counts['after a prompt'] += 1
        if (counts.rounds % roundsOfHost === 0) await rounds.close()
        // A long run that is ended has its counts so far.
        printCounts(`host, shim, daemon or agent killed, ${name}`, counts)
      }
    } finally {
      await rounds.close()
    }
  },
)
