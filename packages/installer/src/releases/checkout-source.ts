import { SubagentError } from '@subagent-mcp/contract'
import { queryRelease, type ReleaseSource } from './release-source.js'
import type { TypedCommand } from './run-command.js'

/**
 * The commits of the upstream branch of a checkout, as releases. Changes of the user are never overwritten, because git refuses
 * to go either way then. `node` is the path of Node.
 */
export function createCheckoutReleaseSource(root: string, node: string): ReleaseSource {
  const git: TypedCommand = ['git', '-C', root]
  const build: TypedCommand = [node, `${root}/tooling/run.mjs`, 'build']
  const fetch: TypedCommand = [...git, 'fetch', '--quiet']
  return {
    place: root,
    asks: `the upstream of ${root}`,
    current: (run) => queryRelease([...git, 'rev-parse', 'HEAD'], 'git status says what is wrong', run),
    newer: async (run) => {
      const upstream: TypedCommand = [...git, 'rev-parse', '@{upstream}']
      await queryRelease(upstream, noUpstream, run)
      await queryRelease(fetch, `this needs a network; nothing was changed. Try: ${fetch.join(' ')}`, run)
      const count: TypedCommand = [...git, 'rev-list', '--count', '--left-right', 'HEAD...@{upstream}']
      const counts = await queryRelease(count, noUpstream, run)
      const [own = 0, theirs = 0] = counts.split(/\s+/).map(Number)
      if (theirs === 0) return undefined
      if (own > 0) throw haveDiverged(root)
      return queryRelease(upstream, noUpstream, run)
    },
    install: (release) => [[...git, 'merge', '--ff-only', '--quiet', release], build],
    goBack: (release) => [[...git, 'reset', '--keep', '--quiet', release], build],
    program: () => ({ words: [node, `${root}/apps/cli/bin/subagent-mcp.js`] }),
    isAnswer: (answer) => /^\d/.test(answer),
  }
}

const noUpstream = 'git switch to a branch that follows one of its origin'

function haveDiverged(root: string): SubagentError {
  const message = `the branch of ${root} has commits that its upstream has not, and the other way round`
  const hint = `git -C ${root} pull --rebase, and build; then: subagent-mcp update --after <the commit before>`
  return new SubagentError('not-supported', message, { hint })
}
