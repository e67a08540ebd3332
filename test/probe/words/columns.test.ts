import { expect, test } from 'vitest'
import { aligned, wrapped } from '../../../probe/words/columns.ts'

test('columns are as wide as a terminal shows them, also where a character takes two columns or a mark takes none', () => {
  expect(
    aligned([
      ['CLUSTER', 'NAME', 'STATUS'],
      ['in01-1', '向量検索', 'RUNNING'],
      ['in01-2', 'cafe\u0301', 'STOPPED']
    ])
  ).toEqual(['CLUSTER  NAME      STATUS', 'in01-1   向量検索  RUNNING', 'in01-2   cafe\u0301      STOPPED'])
})

test('a line ends with its last cell', () => {
  expect(
    aligned([
      ['a', 'long'],
      ['b', '']
    ])
  ).toEqual(['a  long', 'b'])
})

test('prose is wrapped under what it begins with', () => {
  expect(wrapped('one two three', 7, '  1. ')).toEqual(['  1. one two', '     three'])
})

test('a word that does not fit is left whole', () => {
  const host = 'in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com'
  expect(wrapped(`ask for ${host} again`, 20)).toEqual(['ask for', host, 'again'])
})

test('text of wide characters is wrapped by what a terminal shows', () => {
  expect(wrapped('向量 検索 向量', 9)).toEqual(['向量 検索', '向量'])
})
