import { SubagentError } from '@subagent-mcp/contract'
import { askFor } from './ask-for.js'
import type { Words } from './run-words.js'
import type { ReleaseSource } from './source.js'

/** The commits of the branch that a checkout follows. Never over changes of the user's: git refuses both ways then. */
export function checkoutSource(root: string, node: string): ReleaseSource {
  const git: Words = ['git', '-C', root]
  const build: Words = [node, `${root}/tooling/run.mjs`, 'build']
  const fetch: Words = [...git, 'fetch', '--quiet']
  return {
    place: root,
    asks: `the upstream of ${root}`,
    current: (run) => askFor([...git, 'rev-parse', 'HEAD'], 'git status says what is wrong', run),
    newer: async (run) => {
      const upstream: Words = [...git, 'rev-parse', '@{upstream}']
      await askFor(upstream, unfollowing, run)
      await askFor(fetch, `this needs a network; nothing was changed. Try: ${fetch.join(' ')}`, run)
      const count: Words = [...git, 'rev-list', '--count', '--left-right', 'HEAD...@{upstream}']
      const counts = await askFor(count, unfollowing, run)
      const [own = 0, theirs = 0] = counts.split(/\s+/).map(Number)
      if (theirs === 0) return undefined
      if (own > 0) throw partedWays(root)
      return askFor(upstream, unfollowing, run)
    },
    install: (release) => [[...git, 'merge', '--ff-only', '--quiet', release], build],
    goBack: (release) => [[...git, 'reset', '--keep', '--quiet', release], build],
    program: () => ({ words: [node, `${root}/apps/cli/bin/subagent-mcp.js`] }),
    isAnswer: (answer) => /^\d/.test(answer),
  }
}

const unfollowing = 'git switch to a branch that follows one of its origin'

function partedWays(root: string): SubagentError {
  const message = `the branch of ${root} has commits that its upstream has not, and the other way round`
  const hint = `git -C ${root} pull --rebase, and build; then: subagent-mcp update --after <the commit before>`
  return new SubagentError('not-supported', message, { hint })
}
