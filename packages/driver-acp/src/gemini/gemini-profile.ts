import { omitUndefined } from '@subagent-mcp/contract'
import { mayFileContainText, type Environment } from '@subagent-mcp/driver-kit'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readGeminiRetry } from '../classify.js'
import { getGeminiFolder } from './gemini-files.js'
import { guardGeminiProject } from './gemini-guard.js'
import { prepareGeminiHome } from './gemini-home.js'
import { limitGeminiTools } from './gemini-limits.js'
import { prepareGeminiSessionForLoad, removeEmptyGeminiRecordings } from './gemini-recording.js'
import { deleteGeminiSessionFiles, readGeminiBackgroundPid } from './gemini-session-files.js'
import type { AcpProfile } from '../profile.js'

/** A variable that marks processes of Gemini's shell tool (0.61.0); `GEMINI_CLI` is set for MCP servers too. */
const shellVariable = { name: 'GH_PROMPT_DISABLED', value: '1' }

/** The profile of Gemini CLI. */
export const geminiProfile: AcpProfile = {
  id: 'gemini',
  label: 'gemini',
  command: 'gemini',
  executableVariable: 'SUBAGENT_MCP_GEMINI_PATH',
  args: ['--acp'],
  env: {
    // Without a relaunch there is one process instead of two, and it starts 0.7 s faster.
    GEMINI_CLI_NO_RELAUNCH: 'true',
    // The mark of Gemini's own shells, and the connection to the editor of the caller.
    GEMINI_CLI: undefined,
    GEMINI_CLI_IDE_SERVER_PORT: undefined,
    GEMINI_CLI_IDE_WORKSPACE_PATH: undefined,
    GEMINI_CLI_IDE_AUTH_TOKEN: undefined,
    // Gemini itself must not have the variable that marks the processes of its shell tool.
    [shellVariable.name]: undefined,
  },
  installHint: 'install Gemini CLI: npm install -g @google/gemini-cli',
  signInHint: 'set GEMINI_API_KEY, or run `gemini` in a terminal and sign in',
  defaultModel: 'pro',
  families: {
    pro: /^gemini-[\d.]+-pro\b/,
    flash: /^gemini-[\d.]+-flash(?!-lite)/,
    'flash-lite': /^gemini-[\d.]+-flash-lite/,
  },
  modes: {
    // Gemini's plan mode is not used, because it tells the model to write a plan and have it approved.
    'read-only': ['default'],
    ask: ['default'],
    'accept-edits': ['autoEdit'],
    'full-auto': ['yolo'],
  },
  signedIn: getGeminiSignInStatus,
  account: { variable: 'GEMINI_CLI_HOME', signIn: /^((GEMINI|GOOGLE)_API_KEY|GOOGLE_GENAI_USE_.*)$/ },
  unasked:
    'searches of files and of the web, commands that only read in its folder, MCP tools that the user trusts',
  limits: limitGeminiTools,
  guard: guardGeminiProject,
  nativeResume: (sessionId) => ['gemini', '--resume', sessionId],
  prepare: (environment, policy) => {
    const { log: path, home, policies, remove } = prepareGeminiHome(environment, policy)
    return {
      args: policies.map((place) => `--policy=${place}`),
      env: { ...omitUndefined({ GEMINI_CLI_HOME: home }), GEMINI_DEBUG_LOG_FILE: path },
      log: { path, readRetry: readGeminiRetry },
      remove,
    }
  },
  beforeLoad: prepareGeminiSessionForLoad,
  afterLoad: removeEmptyGeminiRecordings,
  toolVariable: shellVariable,
  readBackground: readGeminiBackgroundPid,
  forget: deleteGeminiSessionFiles,
}

/** Whether the user is signed in to Gemini; `no` without a variable, an account and a setting for one. */
export function getGeminiSignInStatus(environment: Environment): 'yes' | 'no' | 'unknown' {
  const folder = getGeminiFolder(environment)
  const variables = Object.entries(environment).flatMap(([name, value]) => (value ? [name] : []))
  if (variables.some((name) => keys.test(name)) || existsSync(join(folder, 'oauth_creds.json'))) return 'yes'
  const mayBe = [
    variables.some((name) => otherWays.test(name)),
    [folder, dirname(folder)].some((place) => existsSync(join(place, '.env'))),
    // Where the settings name a sign-in type, the key may be in the keychain.
    mayFileContainText(join(folder, 'settings.json'), /selectedType/),
  ]
  return mayBe.includes(true) ? 'unknown' : 'no'
}

const keys = /^(GEMINI|GOOGLE)_API_KEY$/
const otherWays =
  /^(GOOGLE_GENAI_USE_|GOOGLE_APPLICATION_CREDENTIALS|GOOGLE_CLOUD_|GOOGLE_GEMINI_BASE_URL|GEMINI_CLI_(CUSTOM_HEADERS|USE_COMPUTE_ADC)|CLOUD_SHELL)/
