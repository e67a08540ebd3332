import { createSocket } from 'node:dgram'
import { EventEmitter, once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { type Guard, within } from '../../../probe/observers/within.ts'
import { limit } from '../../support/limit.ts'

/** An observation that is begun, and what it was given. */
function begin(start: (emitter: EventEmitter, settle: (seen: string) => void, guard: Guard) => void, ms = 1000) {
  const emitter = new EventEmitter()
  let stops = 0
  const observation = within<string>(
    limit(ms),
    () => 'silence',
    (settle, guard) => {
      start(guard(emitter), settle, guard)
      return () => {
        stops += 1
      }
    }
  )
  return { emitter, observation, stops: () => stops }
}

const bug = new TypeError('a bug')
const fail = () => {
  throw bug
}

/** Warnings of the process meanwhile. */
function warnings(): readonly Error[] {
  const seen: Error[] = []
  const see = (warning: Error) => seen.push(warning)
  process.on('warning', see)
  onTestFinished(() => void process.removeListener('warning', see))
  return seen
}

test('what a listener throws rejects the observation and ends it once', async () => {
  const { emitter, observation, stops } = begin(emitter => emitter.on('message', fail))
  emitter.emit('message')
  emitter.emit('message')
  await expect(observation).rejects.toBe(bug)
  expect(stops()).toBe(1)
})

test('what a callback throws does, too', async () => {
  const { observation, stops } = begin((_, __, guard) => setTimeout(guard(fail), 1))
  await expect(observation).rejects.toBe(bug)
  expect(stops()).toBe(1)
})

test('an error that nothing listens for does, too', async () => {
  const { emitter, observation } = begin(() => {})
  emitter.emit('error', bug)
  await expect(observation).rejects.toBe(bug)
})

test('what the start throws does, too', async () => {
  await expect(begin(fail).observation).rejects.toBe(bug)
})

test('what the end throws does, too', async () => {
  const observation = within<string>(
    limit(),
    () => 'silence',
    settle => {
      setTimeout(settle, 1, 'seen')
      return fail
    }
  )
  await expect(observation).rejects.toBe(bug)
})

test('what had come when the process stood still beyond the limit counts, and is no silence', async () => {
  const [here, there] = [createSocket('udp4'), createSocket('udp4')]
  onTestFinished(() => {
    here.close()
    there.close()
  })
  for (const socket of [here, there]) await once(socket.bind(0, '127.0.0.1'), 'listening')
  here.connect(there.address().port, '127.0.0.1')
  there.connect(here.address().port, '127.0.0.1')
  await Promise.all([once(here, 'connect'), once(there, 'connect')])
  // The process stands still while it reads; libuv runs timers then, before it looks at sockets again.
  there.once('message', () => {
    there.send('a message')
    const until = performance.now() + 200
    while (performance.now() < until);
  })
  const observation = within<string>(
    limit(50),
    () => 'silence',
    settle => {
      here.once('message', () => settle('a message'))
      here.send('a question')
      return () => {}
    }
  )
  expect(await observation).toBe('a message')
})

test('an error after the last word is dropped without a warning', async () => {
  const seen = warnings()
  const { emitter, observation } = begin((_, settle) => settle('seen'))
  await expect(observation).resolves.toBe('seen')
  expect(emitter.emit('error', new Error('late'))).toBe(false)
  await setImmediate()
  expect(seen).toEqual([])
})

test('an error after the last word is dropped, too, where a listener passes it on to something that has none', async () => {
  const seen = warnings()
  const below = new EventEmitter()
  const { emitter, observation } = begin((emitter, settle) => {
    emitter.on('error', error => below.emit('error', error))
    settle('seen')
  })
  await expect(observation).resolves.toBe('seen')
  expect(emitter.emit('error', new Error('late'))).toBe(false)
  await setImmediate()
  expect(seen).toEqual([])
})

test('what a listener throws after the last word is a warning', async () => {
  const seen = warnings()
  const { emitter, observation } = begin((emitter, settle) => {
    emitter.on('message', fail)
    settle('seen')
  })
  await expect(observation).resolves.toBe('seen')
  emitter.emit('message')
  await setImmediate()
  expect(seen).toEqual([bug])
})

test('an emitter that is handed on is answered for by who has it now', async () => {
  const first = begin((_, settle) => settle('seen'))
  await first.observation
  const second = within<string>(
    limit(),
    () => 'silence',
    (_, guard) => {
      guard(first.emitter).on('message', fail)
      return () => {}
    }
  )
  first.emitter.emit('message')
  await expect(second).rejects.toBe(bug)
})
