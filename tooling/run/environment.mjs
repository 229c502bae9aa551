import { delimiter, dirname } from 'node:path'
import { inCheckout, pnpmBinary } from './checkout.mjs'

/** @typedef {Record<string, string | undefined>} Environment */

/**
 * Whether a person waits for the tests. CI and the soak also run the tests that a local run leaves out.
 */
export const isLocalRun = process.env['CI'] !== 'true' && process.env['SOAK'] === undefined

/**
 * Returns the user's environment without the variables that change what a tool does: NODE_ENV=production leaves out
 * development dependencies, `npm_config_omit` changes what is installed, TURBO_TOKEN where results go. Variables for the
 * access to the npm registry stay. npm's cache is in the checkout.
 * @param {Environment} environment
 * @returns {Environment}
 */
export function withoutToolVariables(environment) {
  const kept = Object.entries(environment).filter(
    ([name]) => !toolSettings.test(name) || registryAccess.test(name),
  )
  return {
    ...Object.fromEntries(kept),
    DO_NOT_TRACK: '1',
    npm_config_cache: npmCache,
    npm_config_update_notifier: 'false',
  }
}

/** The folder of npm's cache. It is removed after each use of npm. */
export const npmCache = inCheckout('.tools/npm-cache')

const toolSettings = /^(NODE_ENV$|PNPM_HOME$|P?NPM_|TURBO_|VITEST)/i

const registryAccess =
  /^p?npm_config_(registry|@.*|\/\/.*|(https?_)?proxy|noproxy|ca|cafile|cert|key|strict_ssl|userconfig|globalconfig)$/i

/**
 * Returns the environment for pnpm and turbo. They keep state, locks and temporary files in the checkout instead of the
 * user's home, and send no telemetry.
 * @returns {Environment}
 */
export function toolEnvironment() {
  const environment = withoutToolVariables(process.env)
  const registry = environment['pnpm_config_registry'] ?? environment['npm_config_registry']
  const temporary = inCheckout('.tools/tmp')
  return {
    ...withPath(environment),
    ...(registry === undefined ? {} : { pnpm_config_registry: registry }),
    GOGC: '400', // the TypeScript compiler, which is in Go, spends a quarter of its time on garbage otherwise
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    XDG_STATE_HOME: inCheckout('.tools/state'),
    TMPDIR: temporary,
    TEMP: temporary,
    TMP: temporary,
  }
}

/**
 * Puts the pinned pnpm, which turbo runs by name, and the running Node first in PATH.
 * @param {Environment} environment
 */
function withPath(environment) {
  const name = Object.keys(environment).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'
  const binary = pnpmBinary()
  const folders = [
    ...(binary === undefined ? [] : [dirname(binary)]),
    dirname(process.execPath),
    environment[name],
  ]
  return { ...environment, [name]: folders.filter(Boolean).join(delimiter) }
}
