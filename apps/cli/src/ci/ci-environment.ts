import { SubagentError } from '@subagent-mcp/contract'
import { readFileSync } from 'node:fs'
import { z } from 'zod'

/**
 * Variables of a CI job by which a program could change later steps or get the rights of the job: files of commands, tokens of
 * GitHub and of its services, and the inputs of actions, which often have secrets.
 */
const ofTheJob =
  /^(ACTIONS_.*|INPUT_.*|GH_TOKEN|GITHUB_TOKEN|GITHUB_(ENV|OUTPUT|PATH|STATE|STEP_SUMMARY)|CI_JOB_TOKEN|CI_JOB_JWT.*|NPM_TOKEN|NODE_AUTH_TOKEN)$/i

/** Returns the environment of a CI job without the tokens and command files that agents must not have. */
export function buildCiAgentEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !ofTheJob.test(name)))
}

/** Events of GitHub Actions whose jobs have the secrets of the repository, although the code may come from a fork. */
const withSecrets: readonly string[] = ['pull_request_target', 'workflow_run']

/**
 * Returns why a job of GitHub Actions gives no work to agents: its changes come from a fork, so it has no secrets. Elsewhere `undefined`.
 * @throws SubagentError `not-supported` if the job has secrets all the same, because agents would read the fork's files with them
 */
export function findReasonToSkipCiJob(environment: NodeJS.ProcessEnv): string | undefined {
  const { GITHUB_EVENT_NAME: name = '', GITHUB_EVENT_PATH: path } = environment
  if (path === undefined || !isOfFork(readEvent(path))) return undefined
  if (!withSecrets.includes(name)) return 'skipped: the changes come from a fork, whose jobs have no secrets'
  const message = `${name} runs with the repository's secrets on the changes of a fork, which agents would read`
  throw new SubagentError('not-supported', message, { hint: 'run this job on the event pull_request' })
}

const Repository = z.object({ full_name: z.string() })
/** The part of a GitHub event that says where changes come from. A deleted fork has no repository. */
const Event = z.object({
  repository: Repository.optional(),
  pull_request: z.object({ head: z.object({ repo: Repository.nullable() }) }).optional(),
  workflow_run: z.object({ head_repository: Repository.nullable() }).optional(),
})

function readEvent(path: string): z.infer<typeof Event> {
  try {
    return Event.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    const message = `GITHUB_EVENT_PATH names ${path}, which is no event of GitHub: ${String(cause)}`
    throw new SubagentError('not-supported', message, { cause })
  }
}

function isOfFork({ repository, pull_request: pull, workflow_run: run }: z.infer<typeof Event>): boolean {
  const source = pull?.head.repo ?? run?.head_repository
  return (pull !== undefined || run !== undefined) && source?.full_name !== repository?.full_name
}
