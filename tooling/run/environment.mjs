import { delimiter, dirname } from 'node:path'
import { inCheckout, pnpmBinary } from './checkout.mjs'

/** @typedef {Record<string, string | undefined>} Environment */

/**
 * The user's environment without what would bend a tool: NODE_ENV=production skips development
 * dependencies, an `npm_config_omit` or a TURBO_TOKEN changes what is installed or where results go.
 * What the way to the registry needs stays. npm, where a check or a test calls it, keeps to the checkout.
 * @param {Environment} environment
 * @returns {Environment}
 */
export function withoutSurprises(environment) {
  const kept = Object.entries(environment).filter(([name]) => !bends.test(name) || registryAccess.test(name))
  return {
    ...Object.fromEntries(kept),
    DO_NOT_TRACK: '1',
    npm_config_cache: npmCache,
    npm_config_update_notifier: 'false',
  }
}

/** Of use only while npm runs. */
export const npmCache = inCheckout('.tools/npm-cache')

const bends = /^(NODE_ENV$|PNPM_HOME$|P?NPM_|TURBO_|VITEST)/i

const registryAccess =
  /^p?npm_config_(registry|@.*|\/\/.*|(https?_)?proxy|noproxy|ca|cafile|cert|key|strict_ssl|userconfig|globalconfig)$/i

/**
 * For pnpm and turbo, which otherwise keep state in the user's home, keep locks in the machine's
 * temporary folder, and phone home.
 * @returns {Environment}
 */
export function toolEnvironment() {
  const environment = withoutSurprises(process.env)
  const registry = environment['pnpm_config_registry'] ?? environment['npm_config_registry']
  const temporary = inCheckout('.tools/tmp')
  return {
    ...withPath(environment),
    ...(registry === undefined ? {} : { pnpm_config_registry: registry }),
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    XDG_STATE_HOME: inCheckout('.tools/state'),
    TMPDIR: temporary,
    TEMP: temporary,
    TMP: temporary,
  }
}

/**
 * Puts our pnpm, which turbo runs by name, and this very Node before all others.
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
