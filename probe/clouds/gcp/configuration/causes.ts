import { unconfirmable } from '../../../causes/cause.ts'
import {
  endpointAddressChanged,
  forwardingRuleMissing,
  forwardingRuleRegionMismatch,
  pscConnectionNotAccepted,
  pscEndpointAccessedFromPeeredNetwork
} from './endpoint.ts'
import type { GcpCause } from './facts.ts'
import {
  alternativeNameServers,
  forwardingZone,
  otherResolver,
  peeringZone,
  recordAbsent,
  recordOfOtherType,
  recordToOtherAddress,
  responsePolicyRule,
  zoneMissing,
  zoneNotVisibleToNetwork,
  zoneOverridden
} from './names.ts'
import { firewallInspection, firewallRule, routeMissing } from './path.ts'

/** Every cause on Google Cloud, the most likely first. */
export const causes: readonly GcpCause[] = [
  // Names, in the order in which a network resolves them.
  alternativeNameServers,
  responsePolicyRule,
  zoneMissing,
  zoneNotVisibleToNetwork,
  zoneOverridden,
  forwardingZone,
  peeringZone,
  recordAbsent,
  recordOfOtherType,
  recordToOtherAddress,
  endpointAddressChanged,
  otherResolver,
  // The endpoint, and the way to it.
  forwardingRuleMissing,
  pscConnectionNotAccepted,
  firewallRule,
  forwardingRuleRegionMismatch,
  pscEndpointAccessedFromPeeredNetwork,
  routeMissing,
  firewallInspection,
  unconfirmable(
    {
      id: 'rejected-on-the-way',
      title: 'a firewall or a proxy of your own rejects the connection',
      explains: ['connection-refused', 'no-route']
    },
    'firewalls of Google Cloud drop packets without a message, and the device that sent this message is not in its configuration'
  ),
  unconfirmable(
    {
      id: 'secure-web-proxy',
      title: 'a proxy filters by the name in TLS',
      explains: ['tls-reset', 'intercepted']
    },
    'the rules of Secure Web Proxy are not read'
  ),
  unconfirmable(
    {
      id: 'smaller-mtu',
      title: 'a VPN, an interconnect or an overlay drops large packets without a message',
      explains: ['tls-silent']
    },
    'Google Cloud does not have the MTU of the whole path'
  ),
  unconfirmable(
    {
      id: 'dropped-inside-psc-service-producer',
      title: 'Zilliz Cloud drops the connection',
      explains: [
        'no-answer-to-syn',
        'connection-refused',
        'tls-reset',
        'tls-silent',
        'application-reset',
        'application-silent'
      ]
    },
    'only Zilliz Cloud can read the configuration on its side'
  )
]
