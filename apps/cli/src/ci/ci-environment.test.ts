import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { buildCiAgentEnvironment, findReasonToSkipCiJob } from './ci-environment.js'

test('agents get the keys of their providers, and nothing that changes the job', () => {
  const kept = { PATH: '/bin', ANTHROPIC_API_KEY: 'key', GITHUB_SHA: 'abc', CI: 'true' }
  const removed = {
    ...{ GITHUB_TOKEN: 't', GH_TOKEN: 't', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't', INPUT_TASK: 't' },
    ...{ GITHUB_ENV: '/f', GITHUB_OUTPUT: '/f', GITHUB_PATH: '/f', GITHUB_STEP_SUMMARY: '/f' },
    ...{ CI_JOB_TOKEN: 't', NPM_TOKEN: 't' },
  }
  expect(buildCiAgentEnvironment({ ...kept, ...removed })).toEqual(kept)
})

const repo = (name: string) => ({ full_name: name })
const pull = (head: object | null) => ({
  repository: repo('owner/project'),
  pull_request: { head: { repo: head } },
})

test.each([
  ['push', { repository: repo('owner/project') }, undefined],
  ['pull_request', pull(repo('owner/project')), undefined],
  ['pull_request', pull(repo('stranger/project')), expect.stringContaining('come from a fork')],
  ['pull_request', pull(null), expect.stringContaining('come from a fork')],
  ['pull_request_target', pull(repo('owner/project')), undefined],
])('the event %s with %j gives the reason %s', (name, event, reason) => {
  expect(findReasonToSkipCiJob(eventVariables(name, event))).toEqual(reason)
})

test.each([
  ['pull_request_target', pull(repo('stranger/project'))],
  ['workflow_run', { repository: repo('o/p'), workflow_run: { head_repository: repo('s/p') } }],
])('the event %s of a fork is refused, because its job has secrets', (name, event) => {
  expect(() => findReasonToSkipCiJob(eventVariables(name, event))).toThrow(
    `${name} runs with the repository's secrets`,
  )
})

test('outside of GitHub Actions nothing is skipped, and a broken event is named', () => {
  expect(findReasonToSkipCiJob({ CI: 'true' })).toBeUndefined()
  expect(() => findReasonToSkipCiJob(eventVariables('push', 'no event'))).toThrow(
    'which is no event of GitHub',
  )
})

function eventVariables(name: string, event: unknown): NodeJS.ProcessEnv {
  const folder = mkdtempSync(join(tmpdir(), 'event-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'event.json')
  writeFileSync(path, JSON.stringify(event))
  return { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path }
}
