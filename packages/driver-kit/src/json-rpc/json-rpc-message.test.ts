import { expect, test } from 'vitest'
import { parseJsonRpcMessage } from './json-rpc-message.js'

test.each([
  ['{"id":1,"method":"a","params":[2]}', { type: 'request', id: 1, method: 'a', params: [2] }],
  ['{"jsonrpc":"2.0","id":"x","method":"a"}', { type: 'request', id: 'x', method: 'a', params: undefined }],
  ['{"method":"a"}', { type: 'notification', method: 'a', params: undefined }],
  ['{"id":null,"method":"a"}', { type: 'notification', method: 'a', params: undefined }],
  ['{"jsonrpc":"2.0","id":1,"result":null}', { type: 'result', id: 1, result: null }],
  ['{"id":1}', { type: 'result', id: 1, result: undefined }],
  ['{"id":1,"error":null,"result":3}', { type: 'result', id: 1, result: 3 }],
  [
    '{"id":1,"error":{"code":-3,"message":"no","data":{"a":1}}}',
    { type: 'error', id: 1, error: { code: -3, message: 'no', data: { a: 1 } } },
  ],
  [
    '{"id":1,"error":{"code":"-3"}}',
    { type: 'error', id: 1, error: { code: -32603, message: 'an error without a message' } },
  ],
])('reads %s', (line, message) => {
  expect(parseJsonRpcMessage(line)).toEqual(message)
})

test.each([
  ...['', 'Warning: old', 'null', '3', '"text"', '{"id":', '{}', '[]'],
  ...['[{"id":1,"result":2}]', '{"id":null,"error":{"code":-32700,"message":"parse error"}}', '{"id":{}}'],
])('lets pass by: %s', (line) => {
  expect(parseJsonRpcMessage(line)).toBeUndefined()
})
