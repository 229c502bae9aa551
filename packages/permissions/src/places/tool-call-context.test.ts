import { startLimit } from '@subagent-mcp/testkit'
import { mkdirSync, symlinkSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { foldPathCase, realPathOnDisk, resolveCallPath } from './tool-call-context.js'
import { project } from '../project.test.support.js'

const { place, remove } = project()
afterAll(remove)
const { cwd, home } = place

test.each([
  ['out', home],
  ['out/../x', undefined],
  ['deep/..', `${cwd}/src`],
  ['dangling', `${home}/not-there`],
  ['a/./b//c/', `${cwd}/a/b/c`],
  ['~', home],
  ['/..', '/'],
])('%s leads to %s', (path, expected) => {
  expect(resolveCallPath(path, place)).toBe(expected ?? `${realPathOnDisk(`${home}/..`)}/x`)
})

test.each([
  '/proc/self/root/etc',
  '/proc/1/cwd/../x',
  '/dev/fd/3',
  '/dev/tcp/a/80',
  'a\0b',
  'a/'.repeat(5000),
])('where %j leads cannot be known', (path) => {
  expect(resolveCallPath(path, place)).toBeUndefined()
})

test('links that lead to each other end, however many ways there are', async () => {
  const folder = `${cwd}/maze`
  mkdirSync(folder)
  symlinkSync('loop', `${folder}/loop`)
  symlinkSync('.', `${folder}/l0`)
  for (let at = 1; at < 30; at += 1) symlinkSync(`l${at - 1}/l${at - 1}`, `${folder}/l${at}`)
  const limit = startLimit(2_000)
  realPathOnDisk(`${folder}/loop`)
  realPathOnDisk(`${folder}/l29`)
  expect(await limit.isOver()).toBe(false)
})

test('what a file system may take for the same is the same', () => {
  expect(['.GIT', '.g\u200Cit', '.ſſh', '.SSH'].map(foldPathCase)).toEqual(['.git', '.git', '.ssh', '.ssh'])
})
