import { expect, test } from 'vitest'
import { createJsonRpcHeadScanner, readRpcHeads, type JsonRpcHead } from './json-rpc-heads.js'

const hard = { text: '"}],{"id":9,\\"method\\":"no"', list: [{ id: 5, method: 'inner' }, '\\', '[', ''] }

test.each<[string, JsonRpcHead[]]>([
  ['{"jsonrpc":"2.0","id":1,"method":"ping"}', [{ id: '1', method: 'ping' }]],
  [JSON.stringify({ method: 'a', params: hard, id: 'x' }), [{ id: '"x"', method: 'a' }]],
  [JSON.stringify({ result: hard, id: 'é"' }), [{ id: '"é\\""' }]],
  [' { "id" : 1.50 , "method" : "a/b" } ', [{ id: '1.5', method: 'a/b' }]],
  ['{"id":"\\u00e9"}', [{ id: '"é"' }]],
  ['{"method":"n"}', [{ method: 'n' }]],
  ['{"id":null,"error":{"id":3}}', [{}]],
  ['{"id":{"id":1},"method":["x"]}', [{}]],
  [
    '[{"id":1,"method":"a"},{"method":"b","params":[{"id":7}]}, {"id":2}]',
    [{ id: '1', method: 'a' }, { method: 'b' }, { id: '2' }],
  ],
  ['[[{"id":1}]]', []],
  ['[]', []],
  ['"id"', []],
  ['', []],
  ['}}}{"id":1', []],
  ['{"id":1', []],
  [`{"id":"${'x'.repeat(2000)}","method":"a"}`, [{ method: 'a' }]],
])('ids and methods in %j are %j, however the bytes are cut', (line, heads) => {
  const scanner = createJsonRpcHeadScanner()
  const bytes = Buffer.from(line)
  if (!line.includes('xxx')) expect(readRpcHeads(bytes)).toEqual(heads)
  for (const size of [1, 2, 3, 7, 10_000]) {
    for (let at = 0; at < bytes.length; at += size) scanner.scan(bytes.subarray(at, at + size))
    expect(scanner.finish()).toEqual(heads)
  }
})
