import { once } from 'node:events'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Symptom, symptomWords } from '../../probe/cases/symptoms.ts'
import { testWith } from '../support/test-with.ts'
import { deleteNamespace, makeNamespace, run, spawnIn, writeEtc } from './namespace.ts'
import { nameFor, type ReplyKind, replyKinds } from './replies/reply-kinds.ts'

const test = testWith('namespaces', 'ip', 'python')

/** If the one that was cut comes first, glibc drops the other; if it comes second, not. */
const isByTurn = (four: ReplyKind, six: ReplyKind) =>
  (four === 'cut') !== (six === 'cut') && (four === 'answer' || six === 'answer')

const resolving: ReadonlySet<Symptom> = new Set([
  'name_or_service_not_known',
  'no_address_associated_with_hostname',
  'temporary_failure_in_name_resolution'
])

test('of what a resolver replies for both types of address, the probe makes what glibc does', async () => {
  await using stack = new AsyncDisposableStack()
  const namespace = await makeNamespace('replies', 'client')
  stack.defer(() => deleteNamespace(namespace))
  await writeEtc(namespace, 'resolv.conf', 'nameserver 127.0.0.1\noptions timeout:2 attempts:1\n')
  const child = spawnIn(
    namespace,
    [process.execPath, join(import.meta.dirname, 'replies/replies-process.ts')],
    'channel'
  )
  stack.defer(() => void child.kill('SIGKILL'))
  child.stderr?.pipe(process.stderr)
  await once(child, 'message', { signal: AbortSignal.timeout(20_000) })

  const pairs = replyKinds
    .flatMap(four => replyKinds.map(six => ({ four, six })))
    .filter(({ four, six }) => !isByTurn(four, six))
  const names = pairs.map(({ four, six }) => nameFor(four, six))
  const python = ['netns', 'exec', namespace.name, 'python3', join(import.meta.dirname, 'replies/resolve.py')]
  const printed: (string | null)[] = JSON.parse(await run('ip', ...python, ...names))
  child.send(names)
  const [symptoms]: Symptom[][] = await once(child, 'message', { signal: AbortSignal.timeout(60_000) })

  const differ = pairs.flatMap(({ four, six }, index) => {
    const symptom = symptoms?.[index] ?? 'unknown'
    const probe = resolving.has(symptom) ? symptomWords[symptom] : null
    const glibc = printed[index]
    return probe === glibc ? [] : [`A ${four}, AAAA ${six}: glibc "${glibc}", probe "${probe}" (${symptom})`]
  })
  expect(differ).toEqual([])
})
