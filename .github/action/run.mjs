// The GitHub Action: installs subagent-mcp and the provider's CLI into a folder of its own, runs `run --ci` or `review --ci` there,
// and deletes the folder. The CLIs get it as their home, so that nothing is written elsewhere. It needs only Node and npm.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import {
  accessSync,
  appendFileSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/** The npm packages of the providers' CLIs. Each CLI has the name of its provider. */
const packages = {
  claude: '@anthropic-ai/claude-code',
  codex: '@openai/codex',
  gemini: '@google/gemini-cli',
}

const input = (/** @type {string} */ name) => process.env[`INPUT_${name}`]?.trim() ?? ''

const folder = mkdtempSync(join(process.env['RUNNER_TEMP'] ?? tmpdir(), 'action-'))
try {
  process.exitCode = await main()
} catch (error) {
  process.stdout.write(`::error::${String(error instanceof Error ? error.message : error)}\n`)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** @returns {Promise<number>} The exit code. */
async function main() {
  const provider = input('PROVIDER')
  const cliPackage = Object.entries(packages).find(([name]) => name === provider)?.[1]
  if (cliPackage === undefined)
    throw new Error(`provider is one of ${Object.keys(packages).join(', ')}, not "${provider}"`)
  const [task, review] = [input('TASK'), input('REVIEW')]
  const version = input('VERSION') || ownVersion()
  if (!/^[\w.-]+$/.test(version)) throw new Error(`"${version}" is no version of subagent-mcp`)
  if ((task === '') === (review === '')) throw new Error('give the action either a task or a review')

  const home = join(folder, 'home')
  const tools = join(folder, 'tools')
  mkdirSync(home, { recursive: true })
  const environment = ownEnvironment(home, tools)
  const missing = findProgram(provider, environment) ? [] : [cliPackage]
  const install = ['install', '--prefix', tools, '--no-audit', '--no-fund', `subagent-mcp@${version}`]
  await mustRun('npm', [...install, ...missing], { environment, output: 'stderr' })
  const key = process.env['OPENAI_API_KEY']
  if (provider === 'codex' && key && !process.env['CODEX_HOME'])
    await mustRun('codex', ['login', '--with-api-key'], { environment, stdin: key, output: 'stderr' })

  const line = review === '' ? taskLine() : reviewLine(review)
  const program = join(tools, 'node_modules/subagent-mcp/bin/subagent-mcp.js')
  const { code, stdout } = await run(process.execPath, [program, ...line], { environment, stdin: task })
  if (review !== '' && input('SARIF') !== '' && stdout !== '') writeFileSync(input('SARIF'), stdout)
  setOutput('exit-code', String(code))
  setOutput('answer', review === '' ? answerIn(stdout) : stdout)
  return code
}

/** The version whose tag the action was taken from. */
function ownVersion() {
  const manifest = new URL('../../apps/cli/package.json', import.meta.url)
  return String(JSON.parse(readFileSync(manifest, 'utf8')).version)
}

/** The words of `run`, which reads the task from stdin. */
function taskLine() {
  const accepted = input('ACCEPT')
    .split('\n')
    .filter((command) => command.trim() !== '')
  return [
    ...['run', '-', '--ci', '--json', '--provider', input('PROVIDER')],
    ...given('--model', 'MODEL'),
    ...given('--permissions', 'PERMISSIONS'),
    ...accepted.flatMap((command) => ['--accept', command.trim()]),
    ...limits(),
  ]
}

/** The words that a task and a review have in common. */
function limits() {
  return [
    ...given('--budget-minutes', 'BUDGET_MINUTES'),
    ...given('--budget-usd', 'BUDGET_USD'),
    ...given('--budget-tokens', 'BUDGET_TOKENS'),
    ...given('--junit', 'JUNIT'),
  ]
}

/** @param {string} base */
function reviewLine(base) {
  const form = input('SARIF') === '' ? [] : ['--sarif']
  return ['review', '--base', base, '--by', input('PROVIDER'), '--ci', ...form, ...limits()]
}

/** @param {string} flag @param {string} name */
function given(flag, name) {
  return input(name) === '' ? [] : [flag, input(name)]
}

/**
 * The job's environment with homes and temporary files in the action's folder.
 * @param {string} home @param {string} tools
 */
function ownEnvironment(home, tools) {
  const kept = Object.entries(process.env).filter(([name]) => !/^XDG_/.test(name))
  return {
    ...Object.fromEntries(kept),
    ...{ HOME: home, USERPROFILE: home, APPDATA: home, LOCALAPPDATA: home },
    ...{ TMPDIR: home, TEMP: home, TMP: home, RUNNER_TEMP: home },
    npm_config_cache: join(home, '.npm'),
    PATH: [join(tools, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
  }
}

/** @param {string} command @param {NodeJS.ProcessEnv} environment */
function findProgram(command, environment) {
  if (process.env[`SUBAGENT_MCP_${command.toUpperCase()}_PATH`]) return true
  return (environment['PATH'] ?? '').split(delimiter).some((place) => {
    try {
      accessSync(join(place, command), constants.X_OK)
      return true
    } catch {
      return false // not in this folder
    }
  })
}

/**
 * Runs a program until it ends, and collects its stdout. A signal to the action goes to the program.
 * @param {string} command @param {string[]} args
 * @param {{ environment: NodeJS.ProcessEnv, stdin?: string, output?: 'stderr' }} options
 * @returns {Promise<{ code: number, stdout: string }>}
 */
function run(command, args, { environment, stdin = '', output }) {
  const out = output === 'stderr' ? 2 : 'pipe'
  // npm and the CLIs are .cmd files there. Only fixed words and a checked version are given to them.
  const shell = process.platform === 'win32' && command !== process.execPath
  const child = spawn(command, args, { env: environment, stdio: ['pipe', out, 'inherit'], shell })
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
    process.on(signal, () => child.kill(signal))
  let stdout = ''
  child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (stdout += text))
  child.stdin?.on('error', () => undefined) // It ended without reading.
  child.stdin?.end(stdin)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 1, stdout }))
  })
}

/** @param {Parameters<typeof run>} call */
async function mustRun(...call) {
  const { code } = await run(...call)
  if (code !== 0) throw new Error(`${call[0]} ${call[1][0]} failed with exit code ${code}`)
}

/** What the agent said, in the JSON of `run --json`; nothing where no agent worked. @param {string} text */
function answerIn(text) {
  return text === '' ? '' : String(JSON.parse(text).said)
}

/** @param {string} name @param {string} value */
function setOutput(name, value) {
  const file = process.env['GITHUB_OUTPUT']
  const end = randomUUID()
  if (file) appendFileSync(file, `${name}<<${end}\n${value}\n${end}\n`)
}
