import { connect } from 'node:net'
import type { Begin } from '../../probe/observers/tcp.ts'

/** Leads every connection to a closed port of this machine: whatever addresses a test is answered with, none is reached. */
export const nowhere: Begin = () => connect({ host: '127.0.0.1', port: 1 })
