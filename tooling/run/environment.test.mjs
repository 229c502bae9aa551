import { expect, test } from 'vitest'
import { toolEnvironment, withoutToolVariables } from './environment.mjs'

test.each([
  'NODE_ENV',
  'npm_config_omit',
  'NPM_CONFIG_PRODUCTION',
  'pnpm_config_node_linker',
  'TURBO_TOKEN',
  'PNPM_HOME',
])('removes %s', (name) => {
  expect(withoutToolVariables({ [name]: 'x' })).not.toHaveProperty(name)
})

test.each([
  'PATH',
  'HOME',
  'https_proxy',
  'npm_config_registry',
  'NPM_CONFIG_REGISTRY',
  'npm_config_https_proxy',
  'npm_config_@scope:registry',
  'npm_config_//registry.example/:_authToken',
  'npm_config_cafile',
  'npm_config_userconfig',
])('keeps %s', (name) => {
  expect(withoutToolVariables({ [name]: 'x' })).toHaveProperty([name], 'x')
})

test('npm has its cache in the checkout', () => {
  expect(withoutToolVariables({ npm_config_cache: '/home/me/.npm' })['npm_config_cache']).toContain('.tools')
})

test('tools keep their state in the checkout and find this Node first', () => {
  const environment = toolEnvironment()
  expect(environment['XDG_STATE_HOME']).toContain('.tools')
  expect(environment['TMPDIR']).toContain('.tools')
  expect(environment['PATH']).toContain(process.execPath.replace(/[\\/]node(\.exe)?$/, ''))
})
