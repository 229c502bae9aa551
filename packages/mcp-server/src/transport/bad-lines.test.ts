import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startManualServer, type ManualServer } from '../manual-server.test.support.js'

let server: ManualServer
let host: ManualServer['host']

beforeEach(async () => {
  server = await startManualServer()
  host = server.host
})

afterEach(() => server.close())

const ping = (id: string): string => `{"jsonrpc":"2.0","id":${id},"method":"ping"}`
const initialize = (id: string, wrong: object): string => {
  const right = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } }
  return `{"jsonrpc":"2.0","id":${id},"method":"initialize","params":${JSON.stringify({ ...right, ...wrong })}}`
}
const many = Array.from({ length: 30 }, (_, index) => index)

/** An input line, and the error code of the answer to each request in it, by id; `0` for a result. */
const rows: [line: string, answers: [id: unknown, code: number][]][] = [
  ['rubbish', [[null, -32_700]]],
  ['{"half":', [[null, -32_700]]],
  ['\u0000\ufffd', [[null, -32_700]]],
  [`\ufeff${ping('1')}`, [[null, -32_700]]],
  ['['.repeat(100_000), [[null, -32_700]]],
  ['[]', [[null, -32_600]]],
  ['42', [[null, -32_600]]],
  ['null', [[null, -32_600]]],
  ['"text"', [[null, -32_600]]],
  ['{}', [[null, -32_600]]],
  [ping('null'), [[null, -32_600]]],
  [ping('{}'), [[null, -32_600]]],
  [ping('[1]'), [[null, -32_600]]],
  [ping('true'), [[null, -32_600]]],
  [ping('1e999'), [[null, -32_600]]],
  [ping('1.5'), [[1.5, -32_600]]],
  [ping('9007199254740993'), [[2 ** 53, -32_600]]],
  ['{"jsonrpc":"1.0","id":101,"method":"ping"}', [[101, -32_600]]],
  ['{"id":102,"method":"ping"}', [[102, -32_600]]],
  ['{"jsonrpc":2.0,"id":"a","method":"ping"}', [['a', -32_600]]],
  ['{"jsonrpc":"2.0","id":103}', [[103, -32_600]]],
  ['{"jsonrpc":"2.0","id":104,"method":7}', [[104, -32_600]]],
  ['{"jsonrpc":"2.0","id":105,"method":"ping","params":[1]}', [[105, -32_600]]],
  ['{"jsonrpc":"2.0","id":106,"method":"ping","params":"x"}', [[106, -32_600]]],
  ['{"jsonrpc":"2.0","id":107,"method":"ping","params":null}', [[107, -32_600]]],
  ['{"jsonrpc":"2.0","id":108,"method":"ping","params":{"_meta":7}}', [[108, -32_600]]],
  ['{"jsonrpc":"2.0","id":109,"method":"ping","extra":1}', [[109, -32_600]]],
  ['{"jsonrpc":"2.0","id":110,"method":"ping","__proto__":{"id":1}}', [[110, -32_600]]],
  ['{"jsonrpc":"2.0","id":111,"method":"ping","result":{}}', [[111, -32_600]]],
  ['{"jsonrpc":"2.0","method":{"no":"name"}}', [[null, -32_600]]],
  ['{"jsonrpc":"2.0","id":112,"method":"tools/call"}', [[112, -32_602]]],
  ['{"jsonrpc":"2.0","id":113,"method":"tools/call","params":{"name":7}}', [[113, -32_602]]],
  ['{"jsonrpc":"2.0","id":114,"method":"no/such/method"}', [[114, -32_601]]],
  ['{"jsonrpc":"2.0","id":115,"method":"tools/list","params":{"cursor":5}}', [[115, -32_602]]],
  ['{"jsonrpc":"2.0","id":116,"method":"prompts/get","params":{"name":5}}', [[116, -32_602]]],
  ['{"jsonrpc":"2.0","id":116,"method":"initialize"}', [[116, -32_602]]],
  ['{"jsonrpc":"2.0","id":117,"method":"initialize","params":{}}', [[117, -32_602]]],
  [initialize('118', { protocolVersion: 5 }), [[118, -32_602]]],
  [initialize('119', { capabilities: [] }), [[119, -32_602]]],
  [initialize('"119"', { clientInfo: { name: 'x' } }), [['119', -32_602]]],
  [initialize('"120"', { protocolVersion: '1999-01-01' }), [['120', 0]]],
  [`${ping('115')}\r`, [[115, 0]]],
  [ping('"115"'), [['115', 0]]],
  [ping('""'), [['', 0]]],
  [ping('-1'), [[-1, 0]]],
  // A batch: each of its requests is told.
  [
    `[${ping('120')},${ping('121')}]`,
    [
      [120, -32_600],
      [121, -32_600],
    ],
  ],
  [`[${many.map((id) => ping(String(200 + id))).join()}]`, many.map((id) => [200 + id, -32_600])],
  [`[1,{"jsonrpc":"2.0","method":"notifications/x"},[${ping('122')}]]`, [[null, -32_600]]],
  [`[7,${ping('123')}]`, [[123, -32_600]]],
]

test('an invalid request is answered with its JSON-RPC error, and the connection continues', async () => {
  for (const [line, expected] of rows) {
    const before = host.seen.length
    host.write(line)
    await expect.poll(() => host.seen.length).toBe(before + expected.length)
    const answers = host.seen.slice(before).map(({ id, error }) => [id, error?.code ?? 0])
    expect([line.slice(0, 80), answers]).toEqual([line.slice(0, 80), expected])
  }
  expect(await host.call('list_agents')).toBe('no agents yet\nnext: launch_agent')
  expect(host.problems.length).toBeGreaterThan(20)
})

test('the error for a wrong `initialize` names each wrong parameter, and a right one is served after it', async () => {
  const refused = await host.request('initialize', { protocolVersion: '2025-11-25', clientInfo: { name: 7 } })
  expect(refused.error).toEqual({
    code: -32_602,
    message: 'initialize has missing or wrong parameters: capabilities, clientInfo.name, clientInfo.version',
  })
  const right = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } }
  expect((await host.request('initialize', right)).result).toMatchObject({ protocolVersion: '2025-11-25' })
})

test('responses, notifications and empty lines get no error answer', async () => {
  const before = host.seen.length
  const lines = [
    '',
    '\r',
    '{"jsonrpc":"2.0","id":{},"result":{}}',
    '{"jsonrpc":"1.0","id":1,"result":{}}',
    '{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}',
    '{"jsonrpc":"2.0","id":9,"error":"x"}',
    '{"jsonrpc":"2.0","method":"notifications/unknown"}',
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}',
  ]
  for (const line of lines) host.write(line)
  await host.call('list_agents')
  expect(host.seen).toHaveLength(before + 1)
})

test('no error repeats the line, which may be a secret', async () => {
  host.write('sk-secret')
  host.write('{"jsonrpc":"2.0","id":1,"method":"ping","sk-secret":1}')
  await host.call('list_agents')
  const told = [
    ...host.problems.map(({ message }) => message),
    ...host.seen.map((each) => JSON.stringify(each)),
  ]
  expect(told.filter((text) => text.includes('sk-secret'))).toEqual([])
})

test('a second request with the id of an open one is refused, and one after its answer is not', async () => {
  const call = '{"jsonrpc":"2.0","id":50,"method":"tools/call","params":{"name":"wait","arguments":{}}}'
  const { session } = await server.launched()
  host.write(call)
  host.write(call)
  await expect.poll(() => host.seen.at(-1)).toMatchObject({ id: 50, error: { code: -32_600 } })
  session.finish('done')
  await expect.poll(() => host.seen.at(-1)).toMatchObject({ id: 50, result: {} })
  host.write(ping('50'))
  await expect.poll(() => host.seen.at(-1)).toMatchObject({ id: 50, result: {} })
})

test('more than 256 open requests are refused one by one, and cancelled ones make room', async () => {
  await server.launched()
  const call = (id: number): string =>
    `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"wait","arguments":{}}}`
  const calls = (first: number, count: number): string =>
    Array.from({ length: count }, (_, index) => call(first + index)).join('\n')
  host.write(calls(1_000, 250))
  host.write(calls(2_000, 26))
  await expect.poll(() => host.seen.at(-1)?.id).toBe(2_025)
  const refused = host.seen.filter(({ error }) => error?.code === -32_603)
  expect(refused.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => 2_006 + index))
  host.write('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1000}}')
  host.write(ping('5000'))
  await expect.poll(() => host.seen.at(-1)).toMatchObject({ id: 5_000, result: {} })
})

describe('a batch', () => {
  const greet = (protocolVersion: string): Promise<unknown> =>
    host.request('initialize', { protocolVersion, capabilities: {}, clientInfo: { name: 'x', version: '1' } })

  test('is read in the one revision with batches, part by part', async () => {
    await greet('2025-03-26')
    host.write(`[${ping('120')},7,{"jsonrpc":"2.0","method":"notifications/x"},${ping('121')}]`)
    await expect
      .poll(() => host.seen.slice(-3))
      .toMatchObject([
        { id: 120, result: {} },
        { id: null, error: { code: -32_600 } },
        { id: 121, result: {} },
      ])
  })

  test.each(['2024-11-05', '2025-06-18', '2025-11-25'])('is refused in %s', async (revision) => {
    await greet(revision)
    host.write(`[${ping('120')}]`)
    await expect.poll(() => host.seen.at(-1)).toMatchObject({ id: 120, error: { code: -32_600 } })
  })
})
