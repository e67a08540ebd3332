import { emitKeypressEvents } from 'node:readline'
import { styleText } from 'node:util'
import { faultNames } from './faults.ts'
import type { DemoNetwork } from './network.ts'

/** Lets the digits of a keyboard break the network and mend it. Gives whether there is a keyboard. */
export function listenToKeys({ toggle, broken }: Pick<DemoNetwork, 'toggle' | 'broken'>, quit: () => void): boolean {
  const { stdin } = process
  if (!stdin.isTTY) return false
  emitKeypressEvents(stdin)
  stdin.setRawMode(true)
  stdin.on('keypress', (_, key: { readonly name?: string; readonly ctrl?: boolean }) => {
    if (key.name === 'q' || (key.ctrl === true && key.name === 'c')) {
      stdin.setRawMode(false)
      stdin.pause()
      quit()
      return
    }
    const fault = faultNames[Number(key.name) - 1]
    if (fault === undefined) return
    toggle(fault)
    console.log(`  ${broken.has(fault) ? styleText('yellow', `broken: ${fault}`) : `mended: ${fault}`}`)
  })
  return true
}
